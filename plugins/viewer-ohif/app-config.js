// What the viewer knows of this archive. The server puts in the paths: {{viewer}}, {{dicomweb}} and {{wado_uri}}.
window.PUBLIC_URL = '{{viewer}}/{{version}}/';

function browserImportFunction(module) {
  return import(module);
}

window.config = {
  name: 'fermata',
  routerBasename: '{{viewer}}',
  extensions: [],
  modes: [],
  // No tour over the image: who opens a study wants to see it.
  customizationService: { 'ohif.tours': { $set: [] } },
  showStudyList: true,
  maxNumberOfWebWorkers: 4,
  showWarningMessageForCrossOrigin: true,
  showCPUFallbackMessage: true,
  showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true,
  groupEnabledModesFirst: true,
  maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },
  showErrorDetails: 'always',
  defaultDataSourceName: 'dicomweb',
  dataSources: [
    {
      namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
      sourceName: 'dicomweb',
      configuration: {
        friendlyName: 'Fermata',
        name: 'fermata',
        qidoRoot: window.location.origin + '{{dicomweb}}',
        wadoRoot: window.location.origin + '{{dicomweb}}',
        wadoUriRoot: window.location.origin + '{{wado_uri}}',
        qidoSupportsIncludeField: true,
        imageRendering: 'wadors',
        // The archive renders them: a series needs no whole image for its thumbnail.
        thumbnailRendering: 'thumbnail',
        thumbnailRequestStrategy: 'fetch',
        enableStudyLazyLoad: true,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        supportsReject: false,
        dicomUploadEnabled: false,
        singlepart: 'bulkdata,video',
        bulkDataURI: { enabled: true },
        omitQuotationForMultipartRequest: true,
      },
    },
  ],
};
