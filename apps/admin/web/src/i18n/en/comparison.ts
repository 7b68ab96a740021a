export const comparison = {
  title: 'Compare',
};
