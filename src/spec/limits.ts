/** How large things may be before they are taken for a slip. */

/** Classes of a task: a confusion matrix has the square of it. */
export const maxClasses = 4096;
/** Parameters of a network: with gradients and two optimizer slots that is 16 bytes each, 8 GB in all. */
export const maxParameters = 500_000_000;
