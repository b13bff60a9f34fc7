import { truthful } from './truthful.js';

export const rollbackTruth = truthful('reverted', {
  number: 21,
  id: 'rollback-truth',
  title: 'What is reported rolled back runs the version from before',
});
