package org.datman.export.series;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.export.convert.ConvertedImage;
import org.datman.export.convert.SeriesConversion;
import org.datman.export.index.SeriesState;
import org.datman.export.index.SeriesState.KeptImage;
import org.datman.export.layout.ExportInputs;
import org.datman.export.request.ExportRequest;
import org.datman.export.request.Parts;
import org.datman.export.request.SeriesFailure;
import org.datman.export.xnat.Xnat;
import org.datman.platform.archive.Archive;

/**
 * Makes the images of a published scan from XNAT once more, on the way of every export, and compares their digests with the
 * published ones. Writes into its work directory only.
 */
public final class Reproduction {

    private final SeriesSource source;

    public Reproduction(Xnat xnat, SeriesConversion conversion, Archive archive) {
        // The times are of a process that ends: nobody reads them.
        this.source = new SeriesSource(xnat, conversion, new StepTimes(new SimpleMeterRegistry()), archive);
    }

    /** How it ended. */
    public enum Outcome {
        /** All files have the published digests. */
        EQUAL,
        /** The same DICOM files and the same version of the converter made other bytes. */
        DIFFERENT,
        /** A converter of another version than the recorded one made other bytes. */
        OTHER_CONVERTER,
        /** XNAT has other DICOM files than those that were exported. */
        OTHER_SOURCE,
        /** It could not be made. */
        FAILED
    }

    /**
     * The result of a scan.
     *
     * @param subject server, session and scan
     * @param files how many files were compared
     * @param text for people
     */
    public record Result(String subject, Outcome outcome, int files, String text) {}

    /**
     * Makes the images of a scan and compares them.
     *
     * @param state with published images
     * @param session the states of all scans of the session: some may be parts of the image
     * @param workDir an empty folder
     */
    public Result reproduce(SeriesState state, List<SeriesState> session, Path workDir) throws IOException {
        SeriesTagged tagged = state.tagged();
        Parts parts = Parts.group(tagged)
                .map(group -> new Parts(Parts.members(group, session).stream()
                        .map(SeriesState::tagged)
                        .toList()))
                .orElseGet(() -> Parts.of(tagged));
        SeriesExported exported = state.exported().orElseThrow();
        ExportInputs inputs;
        try {
            inputs = source.fetch(
                    new ExportRequest(
                            Envelope.first(tagged, "/datman/reproduction", state.taggedAt()),
                            tagged,
                            state.taggedId(),
                            state.taggedAt(),
                            state,
                            parts,
                            true,
                            state.taggedAt()),
                    workDir);
        } catch (SeriesFailure failure) {
            return new Result(
                    tagged.identity(), Outcome.FAILED, 0, failure.reason().message());
        }
        String recorded = exported.source().map(SeriesExported.Source::sha256).orElse("");
        if (!inputs.source().sha256().equals(recorded)) {
            return new Result(
                    tagged.identity(),
                    Outcome.OTHER_SOURCE,
                    0,
                    "XNAT has other DICOM files: together " + inputs.source().sha256() + ", exported were " + recorded);
        }
        List<String> differing = new ArrayList<>();
        int files = 0;
        for (KeptImage kept : state.images()) {
            Optional<ConvertedImage> made = inputs.images().stream()
                    .filter(image -> image.facts().isSameKind(kept.facts())
                            && image.facts().derived() == kept.facts().derived()
                            && image.facts().dims().equals(kept.facts().dims()))
                    .findFirst();
            for (FileRef file : kept.files()) {
                files++;
                if (made.isEmpty() || !isSame(file, made.get())) {
                    differing.add(file.path());
                }
            }
        }
        String by = inputs.conversion() == null ? "none" : inputs.conversion().version();
        return result(tagged.identity(), exported, by, differing, files);
    }

    private static boolean isSame(FileRef published, ConvertedImage made) throws IOException {
        Path file = made.files().get(published.role());
        return file != null && Archive.sha256(file).equals(published.sha256());
    }

    private static Result result(
            String subject, SeriesExported exported, String used, List<String> differing, int files) {
        String recorded =
                exported.converter().map(SeriesExported.Converter::version).orElse("none");
        boolean same = used.equals(recorded);
        String by = same ? "dcm2niix " + used : "dcm2niix " + used + ", recorded was " + recorded;
        if (differing.isEmpty()) {
            return new Result(subject, Outcome.EQUAL, files, files + " file(s) equal, by " + by);
        }
        return new Result(
                subject,
                same ? Outcome.DIFFERENT : Outcome.OTHER_CONVERTER,
                files,
                String.join(", ", differing) + " have other bytes, by " + by);
    }

    /** Whether a scan has images to be made once more. */
    public static boolean hasImages(SeriesState state) {
        return state.isPublished()
                && state.images().stream()
                        .flatMap(image -> image.files().stream())
                        .anyMatch(file -> file.role() == FileRole.NIFTI);
    }
}
