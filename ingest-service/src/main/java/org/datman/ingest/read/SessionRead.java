package org.datman.ingest.read;

import org.datman.ingest.published.PublishedSession;
import org.jspecify.annotations.Nullable;

/**
 * What XNAT answered about a session.
 *
 * @param kind whether there is something to compare
 * @param xsiType XNAT's type
 * @param snapshot null unless the kind is {@link Kind#PRESENT}
 */
public record SessionRead(
        Kind kind, String xsiType, @Nullable SessionSnapshot snapshot) {

    /** The kinds of answers. */
    public enum Kind {
        PRESENT,
        /** As at the last read, as far as can be told without its file listings. */
        UNCHANGED,
        /** Image assessors and subject records have accession ids too, and XNAT sends events for them. */
        NOT_IMAGING
    }

    /**
     * How to read a session.
     *
     * @param accession its id on XNAT
     * @param published what was published last; headers of unchanged files are not fetched again
     * @param refetch fetch all headers again
     * @param outline digest at the last read, if an unchanged outline is enough; else null
     */
    public record Request(
            String accession,
            PublishedSession published,
            boolean refetch,
            @Nullable String outline) {}
}
