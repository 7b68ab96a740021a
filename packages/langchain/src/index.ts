export type { AnswerContent } from './tool/answer-content.ts';
export { createLangChainTool, type LangChainCodeTool } from './tool/langchain-tool.ts';
export type { LangChainToolOptions } from './tool/tool-options.ts';
