/** Whether a dialog of the browser's own lies over the page: what is pressed in it is not meant for what is beneath. */
export const isCovered = (): boolean => document.querySelector('dialog:modal') !== null;
