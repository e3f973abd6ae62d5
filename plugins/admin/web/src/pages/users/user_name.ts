/** Names to sign in with, as the server takes them. */
export const kUserName = /^[A-Za-z0-9._@-]{1,64}$/;
