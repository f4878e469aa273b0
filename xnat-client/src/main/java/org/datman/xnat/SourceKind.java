package org.datman.xnat;

/** What a server that sessions are read from is. */
public enum SourceKind {
    XNAT,
    ORTHANC;

    /**
     * Its client.
     *
     * @param names how studies on an Orthanc are named; of no use for an XNAT
     */
    public ImageSource open(XnatConfig config, OrthancNames names, CallObserver observer) {
        return switch (this) {
            case XNAT -> new XnatClient(config, observer);
            case ORTHANC -> new OrthancClient(config, names, observer);
        };
    }
}
