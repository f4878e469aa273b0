package org.datman.xnat;

import java.util.Map;

/** What differs between servers with DICOMweb. */
interface DicomWebServer {

    /**
     * Path and query of the headers of a series.
     *
     * @param studyUid StudyInstanceUID, of digits and dots
     * @param uid SeriesInstanceUID, of digits and dots
     */
    String metadata(DicomWeb.Series series, String studyUid, String uid);

    /** SOPInstanceUIDs of the files of a series by path, and maybe of others. */
    Map<String, String> instances(DicomWeb.Series series);

    /** Sends a request once, outside the circuit breaker. */
    <T> T once(String endpoint, String path, Transport.BodyReader<T> reader);
}
