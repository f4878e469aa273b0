package org.datman.contracts.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a file is to its series. In JSON and on pages it is the key. */
public enum FileRole {
    NIFTI("nifti"),
    SIDECAR("sidecar"),
    BVAL("bval"),
    BVEC("bvec"),
    DICOM("dicom"),
    PROVENANCE("provenance"),
    LOG("log"),
    PICTURE("picture"),
    METRICS("metrics"),
    /** Metrics of the same bytes by definitions of before. */
    EARLIER_METRICS("earlier-metrics"),
    /** What later sessions of the participant are compared with. */
    REFERENCE("likeness"),
    REPORT("report"),
    RESOURCE("resource"),
    /** Of a pipeline. */
    OUTPUT("output"),
    /** What a service remembers between starts; never in an event. */
    STATE("state"),
    /** A role of a DATMAN that is older or newer than this one: the file is listed, and checked by its digest, and no more. */
    OTHER("other");

    private static final Map<String, FileRole> BY_KEY =
            Arrays.stream(values()).collect(Collectors.toMap(FileRole::key, Function.identity()));

    private final String key;

    FileRole(String key) {
        this.key = key;
    }

    /** The role with that key; {@link #OTHER} when this DATMAN does not know it. */
    @JsonCreator
    public static FileRole of(String key) {
        return BY_KEY.getOrDefault(key, OTHER);
    }

    /** Its text in JSON. */
    @JsonValue
    public String key() {
        return key;
    }

    @Override
    public String toString() {
        return key;
    }
}
