/** Id of the provider that `configure aliyun` and `verify aliyun` are about, as stored. */
export const ALIYUN_PROVIDER_ID = 'aliyun_codeinterpreter';
