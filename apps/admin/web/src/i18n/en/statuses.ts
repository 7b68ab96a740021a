export const statuses = {
  completed: { name: 'Completed', meaning: 'The program ended by itself without an error.' },
  failed: { name: 'Failed', meaning: 'The program ended by itself with an error of its own.' },
  'timed-out': { name: 'Timed out', meaning: 'The time limit passed before the program ended.' },
  'out-of-memory': { name: 'Out of memory', meaning: 'The program took more memory than it may, and was ended for it.' },
  'output-limit-exceeded': { name: 'Too much output', meaning: 'The program printed more than it may, and was ended for it.' },
  cancelled: { name: 'Cancelled', meaning: 'The call was withdrawn after the program had started.' },
  killed: { name: 'Killed', meaning: 'The program was ended by something that nobody here can prove.' },
};
