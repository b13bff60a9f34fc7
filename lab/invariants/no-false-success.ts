import { truthful } from './truthful.js';

export const noFalseSuccess = truthful('done', {
  number: 19,
  id: 'no-false-success',
  title: 'What is reported done runs the target version',
});
