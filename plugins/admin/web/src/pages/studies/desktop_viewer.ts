/** A link that has Horos or OsiriX fetch a study from the server that it knows under that description. */
export const desktopViewerAddress = (viewer: 'horos' | 'osirix', server: string, study: string): string =>
  `${viewer}://?methodName=retrieve&serverName=${encodeURIComponent(server)}&filterKey=StudyInstanceUID&filterValue=${encodeURIComponent(study)}`;
