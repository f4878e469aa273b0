package org.datman.pipeline.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.archive.Defaced;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.PipelineRule;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiReader;
import org.datman.pipeline.boutiques.Descriptor.OutputFile;
import org.datman.platform.archive.Archive;
import org.datman.platform.archive.Withdrawal;

/**
 * An image whose face a tool has removed. It is kept under the name of the original with {@code _defaced}, beside a record that says of
 * which bytes it was made: whoever takes it compares them, so that the defaced image of earlier bytes never stands for later ones.
 *
 * @param original the input of the tool
 * @param file what the tool wrote, in the folder of the run
 */
record DefacedImage(PipelineRequested event, FileRef original, Path file) {

    /** What rounding of a qform moves a corner by, and more. */
    private static final double SAME_PLACE_MM = 0.05;

    /** What a run of a rule that defaces wrote; empty for other rules. */
    static Optional<DefacedImage> of(PipelineRule rule, Attempt.Run run, Map<OutputFile, List<Path>> found) {
        return found.entrySet().stream()
                .filter(entry -> rule.defaces()
                        && entry.getKey().id().equals(rule.defaced())
                        && !entry.getValue().isEmpty())
                .findFirst()
                .map(entry -> new DefacedImage(
                        run.job().event(),
                        run.job().event().inputs().values().iterator().next(),
                        entry.getValue().get(0)));
    }

    /**
     * Why it is not what the tool should write: not an image, another grid, or the voxels of the original.
     *
     * @throws IOException when one of them cannot be read now, or the original is no NIfTI: that is no fault of the tool
     */
    Optional<Reason> fault(Archive archive) throws IOException {
        Path before = archive.resolve(original.path());
        NiftiHeader old = header(before);
        String voxels = NiftiReader.voxelDigest(before);
        String what;
        try {
            if (!old.hasGridOf(header(file), SAME_PLACE_MM)) {
                what = "has another grid than its input";
            } else if (voxels.equals(NiftiReader.voxelDigest(file))) {
                what = "has the voxels of its input: nothing was removed";
            } else {
                return Optional.empty();
            }
        } catch (ImageFormatException e) {
            what = "cannot be read as NIfTI: " + e.getMessage();
        }
        return Optional.of(new Reason(
                "not-defaced",
                "The output of " + event.tool() + " for " + original.path() + " " + what,
                "Correct the tool or its descriptor, then press 'Run again' among the pipelines of the session page"));
    }

    private static NiftiHeader header(Path image) throws IOException {
        try (NiftiReader reader = NiftiReader.open(image)) {
            return reader.header();
        }
    }

    /**
     * Withdraws what an earlier run made of the image that a run begins to deface: if this one fails, or is asked for because a person saw
     * the face in the other, that must not leave the lab.
     */
    static void withdrawFormer(Job job, Withdrawal withdrawal) throws IOException {
        PipelineRequested event = job.event();
        String original = event.inputs().values().iterator().next().path();
        withdrawal.withdraw(
                List.of(
                        Defaced.record(original),
                        Defaced.image(original, "other.nii"),
                        Defaced.image(original, "other.nii.gz")),
                event.session(),
                event.pipeline(),
                Reason.of("defaced-again", "The image that it was made of is defaced again"),
                job.request().id());
    }

    /** Stores image and record; the file of the run stays where it is. */
    List<FileRef> store(Archive archive) throws IOException {
        String image = Defaced.image(original.path(), file.getFileName().toString());
        FileRef stored = archive.storeCopy(FileRole.OUTPUT, file, image);
        Defaced record = new Defaced(
                original, stored, event.tool(), event.toolVersion(), event.descriptorSha256(), event.runKey());
        ObjectNode json = EventJson.mapper().valueToTree(record);
        return List.of(
                stored,
                archive.write(
                        FileRole.OUTPUT,
                        Defaced.record(original.path()),
                        (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8)));
    }
}
