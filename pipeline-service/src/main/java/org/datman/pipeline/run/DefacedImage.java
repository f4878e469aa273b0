package org.datman.pipeline.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiReader;
import org.datman.pipeline.boutiques.Descriptor.OutputFile;
import org.datman.platform.archive.Archive;

/**
 * An image whose face a tool has removed. It is kept under the name of the original with {@code _defaced}, beside a record that says of
 * which bytes it was made: whoever takes it compares them, so that the defaced image of earlier bytes never stands for later ones.
 *
 * @param original the input of the tool
 * @param file what the tool wrote, in the folder of the run
 */
record DefacedImage(PipelineRequested event, FileRef original, Path file) {

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

    /** Why it is not what the tool should write: not an image, another grid, or the voxels of the original. */
    Optional<Reason> fault(Archive archive) {
        Path before = archive.resolve(original.path());
        String what;
        try (NiftiReader old = NiftiReader.open(before);
                NiftiReader now = NiftiReader.open(file)) {
            if (!sameGrid(old.header(), now.header())) {
                what = "has another grid than its input";
            } else if (NiftiReader.voxelDigest(before).equals(NiftiReader.voxelDigest(file))) {
                what = "has the voxels of its input: nothing was removed";
            } else {
                return Optional.empty();
            }
        } catch (IOException e) {
            what = "cannot be read as NIfTI";
        }
        return Optional.of(new Reason(
                "not-defaced",
                "The output of " + event.tool() + " for " + original.path() + " " + what,
                "Correct the tool or its descriptor, then press 'Run again' among the pipelines of the session page"));
    }

    private static boolean sameGrid(NiftiHeader old, NiftiHeader now) {
        return old.dims().equals(now.dims());
    }

    /** Stores image and record; the file of the run stays where it is. */
    List<FileRef> store(Archive archive) throws IOException {
        String image = Defaced.image(original.path(), file.getFileName().toString());
        Path copy = Files.createTempFile(file.toAbsolutePath().getParent(), "defaced", ".copy");
        FileRef stored;
        try {
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            stored = archive.store(FileRole.OUTPUT, copy, image);
        } finally {
            Files.deleteIfExists(copy);
        }
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
