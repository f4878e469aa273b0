package org.datman.local.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.provenance.Provenance;
import org.jspecify.annotations.Nullable;

/** Where files came from. Each written form is a pure function of it. */
public sealed interface Lineage {

    /** The path that was asked for; null when a name was. */
    @Nullable
    String asked();

    /** The files that it is about, compared with what was published. */
    List<CheckedFile> files();

    /** Whether there is a published digest of what was asked for, and all bytes are as published. */
    default boolean asPublished() {
        return !files().isEmpty() && files().stream().allMatch(CheckedFile::same);
    }

    /** What the archive does not record, or what is otherwise than expected; for people. */
    List<String> notes();

    /**
     * An image with its companions, and what was measured on it.
     *
     * @param published whether these files are what is published now, as text
     * @param record of the conversion
     * @param study the text of the rules
     * @param qc null when the archive has no result
     */
    record OfImage(
            @Nullable String asked,
            List<CheckedFile> files,
            String published,
            Provenance record,
            StudyText study,
            @Nullable MeasuredImage qc,
            List<String> notes)
            implements Lineage {

        @Override
        public boolean asPublished() {
            boolean results = asked != null || qc == null || qc.files().stream().allMatch(CheckedFile::same);
            return Lineage.super.asPublished() && results;
        }
    }

    /**
     * A withdrawn file whose record was not withdrawn with it.
     *
     * @param sha256 of its bytes now
     * @param number the number that was asked for; null when none was
     */
    record OfWithdrawn(
            String asked,
            List<CheckedFile> files,
            String sha256,
            MeasuredImage.@Nullable Number number,
            List<String> notes)
            implements Lineage {}

    /**
     * An associated file, taken from XNAT unchanged.
     *
     * @param discovered the file on XNAT at its newest revision
     * @param current whether the copy is of that revision; else its own revision and MD5 are not recorded
     */
    record OfResource(
            @Nullable String asked,
            List<CheckedFile> files,
            String study,
            String session,
            ResourceDiscovered discovered,
            boolean current,
            List<String> notes)
            implements Lineage {}

    /**
     * An output of a tool.
     *
     * @param record of the run, as the pipeline service wrote it
     * @param inputs of the run that are files of the archive
     */
    record OfPipeline(
            @Nullable String asked,
            List<CheckedFile> files,
            JsonNode record,
            List<CheckedFile> inputs,
            List<String> notes)
            implements Lineage {}
}
