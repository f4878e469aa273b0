package org.datman.xnat;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a server that sessions are read from is. */
public enum SourceKind {
    XNAT("XNAT", "Refresh the catalog of the scan on XNAT (with checksums) or upload the files again"),
    ORTHANC("Orthanc", "Send the series to Orthanc again");

    private final String product;
    private final String mendListing;

    SourceKind(String product, String mendListing) {
        this.product = product;
        this.mendListing = mendListing;
    }

    /** Its name, for people. */
    public String product() {
        return product;
    }

    /** What a person does when the files of a scan are not as the server lists them; the beginning of an advice. */
    public String mendListing() {
        return mendListing;
    }

    /**
     * The kind with this name, in upper or lower case.
     *
     * @param setting that holds the name, for the message
     * @throws IllegalArgumentException when there is none: it says what is allowed
     */
    public static SourceKind of(String setting, String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.name().equalsIgnoreCase(name.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(setting + " is '" + name + "'; allowed are "
                        + Arrays.stream(values())
                                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

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
