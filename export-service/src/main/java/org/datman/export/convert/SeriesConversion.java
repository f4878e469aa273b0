package org.datman.export.convert;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.Reason;
import org.datman.contracts.provenance.SeriesCompleteness;
import org.datman.export.completeness.SeriesCount;
import org.datman.export.completeness.SeriesCount.Shape;
import org.datman.export.dicom.DicomFacts;
import org.datman.export.dicom.DicomImage;
import org.datman.export.dicom.SourceHeaders;

/**
 * Converts the images of a series: prepares the files for the converter, runs it, and compares its output with the headers.
 */
@ApplicationScoped
public class SeriesConversion {

    private static final double SAME_ECHO_MS = 0.02;

    private final Dcm2niix dcm2niix;
    private final Decompressor decompressor;

    public SeriesConversion(Dcm2niix dcm2niix, Decompressor decompressor) {
        this.dcm2niix = dcm2niix;
        this.decompressor = decompressor;
    }

    /**
     * The result.
     *
     * @param conversion what the converter made of the images
     * @param prepared the received files at their current location, and the changes to the copies that the converter read
     */
    public record Converted(Conversion conversion, PixelPreparation.Prepared prepared) {}

    /** The versions of the installed converters. */
    public String version() {
        return dcm2niix.version();
    }

    /**
     * Converts.
     *
     * @param images to be converted, in {@link Dcm2niix#INPUT} of the work directory; all other files there are deleted
     * @param brokenFrames frames that are not converted, by file
     * @param count of the images by the headers
     * @param combined whether they are from several series that form one image
     */
    public Converted convert(
            List<DicomImage> images,
            Map<Path, Set<Integer>> brokenFrames,
            SeriesCount count,
            boolean combined,
            Path workDir)
            throws IOException {
        leaveOnly(images, workDir.resolve(Dcm2niix.INPUT));
        PixelPreparation.Prepared prepared =
                PixelPreparation.prepare(images, brokenFrames, workDir.resolve("originals"), decompressor);
        if (prepared.uncut()) {
            return new Converted(notRun(workDir), prepared);
        }
        List<DicomImage> originals = prepared.images();
        OneSeries joined = OneSeries.of(combined ? images : List.of());
        Conversion conversion;
        try {
            boolean comparable = !combined || joined.joined();
            conversion = bestOf(images, originals, comparable ? count.shapes() : List.of(), workDir);
        } finally {
            joined.restore();
        }
        for (ConvertedImage image : conversion.images()) {
            stateCompleteness(image, count.completeness());
        }
        return new Converted(conversion.with(OwnDicom.find(conversion.images(), originals), List.of()), prepared);
    }

    /** Of a file with an incomplete volume among complete ones the converter makes wrong volumes, and does not say so. */
    private Conversion notRun(Path workDir) throws IOException {
        String problem = "it was not run, for it would mix up the volumes";
        Path log = Files.writeString(workDir.resolve("not-run.log"), problem + "\n");
        return new Conversion(version(), List.of(), 0, List.of(), List.of(problem), List.of(), List.of(), log);
    }

    /**
     * The conversion by the first program that converts everything as the headers state it; where none does, the one with the most voxels,
     * of equal ones the first.
     *
     * @param shapes of the images by the headers; none where the output cannot be compared with them
     */
    private Conversion bestOf(List<DicomImage> images, List<DicomImage> originals, List<Shape> shapes, Path workDir)
            throws IOException {
        Conversion best = null;
        List<String> passedOver = new ArrayList<>();
        for (int program = 0; program < dcm2niix.count(); program++) {
            Conversion made = checked(
                    dcm2niix.convert(program, workDir, images.size(), new SourceHeaders(originals)), images, shapes);
            if (best == null || made.problems().isEmpty() || made.voxels() > best.voxels()) {
                best = made;
            }
            if (made.problems().isEmpty()) {
                break;
            }
            passedOver.add(made.version() + ": " + String.join("; ", made.problems()));
        }
        Conversion used = Objects.requireNonNull(best, "there is at least one program");
        return dcm2niix.count() == 1 || passedOver.isEmpty()
                ? used
                : used.withRemarks(List.of("converted by " + used.version() + "; not everything was converted by "
                        + String.join(", nor by ", passedOver)));
    }

    private static Conversion checked(Conversion made, List<DicomImage> images, List<Shape> shapes) {
        List<ConvertedImage> numbered = made.images().stream()
                .map(image -> image.with(image.facts().withEcho(echo(image.facts(), images))))
                .toList();
        // The converter has reported skipped files; the rest cannot be compared with the complete expectation. Parts
        // that are
        // several series for the converter are images of their own for it, however they belong together.
        List<String> wrong = made.problems().isEmpty()
                ? ConversionCheck.of(numbered, shapes).stream()
                        .map(Reason::message)
                        .toList()
                : List.of();
        return made.with(numbered, wrong);
    }

    /** A pipeline that sees only the files must be able to see that volumes are missing. */
    private static void stateCompleteness(ConvertedImage image, SeriesCompleteness counted) throws IOException {
        Path json = image.files().get(FileRole.SIDECAR);
        BidsSidecar sidecar =
                json == null ? null : BidsSidecar.read(json, new ArrayList<>()).orElse(null);
        if (json != null && sidecar != null) {
            sidecar.set(counted);
            sidecar.write(json);
        }
    }

    private static void leaveOnly(List<DicomImage> images, Path folder) throws IOException {
        Set<Path> kept = images.stream().map(image -> image.file().local()).collect(Collectors.toSet());
        List<Path> others;
        try (Stream<Path> files = Files.walk(folder)) {
            others = files.filter(Files::isRegularFile)
                    .filter(file -> !kept.contains(file))
                    .toList();
        }
        for (Path other : others) {
            Files.delete(other);
        }
    }

    /** The echo number in the headers with that echo time; the converter renumbers if EchoNumbers is missing. */
    private static int echo(ImageFacts image, List<DicomImage> images) {
        Set<Integer> echoes = new HashSet<>();
        for (DicomImage dicom : images) {
            DicomFacts facts = dicom.facts();
            if (image.echoTime().isPresent()
                    && facts.echoTime().isPresent()
                    && facts.echoNumber().isPresent()
                    && Math.abs(facts.echoTime().get() - image.echoTime().get()) < SAME_ECHO_MS) {
                echoes.add(facts.echoNumber().get());
            }
        }
        return echoes.size() == 1 ? echoes.iterator().next() : image.echo();
    }
}
