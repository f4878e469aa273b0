package org.datman.xnat;

import java.util.Map;

/** What differs between servers with DICOMweb. */
interface DicomWebServer {

    /**
     * Path of the series of a study.
     *
     * @param studyUid StudyInstanceUID, of digits and dots
     */
    String series(DicomWeb.Series series, String studyUid);

    /** SOPInstanceUIDs of the files of a series by path, and maybe of others. */
    Map<String, String> instances(DicomWeb.Series series);

    /** Sends a request once, outside the circuit breaker. */
    <T> T once(String endpoint, String path, Transport.BodyReader<T> reader);
}
