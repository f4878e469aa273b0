package org.datman.local.provenance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.datman.contracts.archive.Defaced;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.study.AcceptedStudies;
import org.datman.contracts.study.PipelineRule;

/** Which images of an archive may leave the lab: by the tags that their studies deface, and by the defaced images that are there. */
final class DefacedImages {

    /** Why an image may not. */
    static final String NOT_DEFACED = "there is no defaced image of these bytes; the page of the session shows why";

    /** Roles of files that leave beside a defaced image, or with an image of a tag that is not defaced. */
    static final Set<FileRole> FILES = Set.of(
            FileRole.NIFTI, FileRole.SIDECAR, FileRole.BVAL, FileRole.BVEC, FileRole.METRICS, FileRole.EARLIER_METRICS);

    private final Path archive;
    private final Map<String, Set<String>> tags = new HashMap<>();

    DefacedImages(Path archive) {
        this.archive = archive;
    }

    /**
     * The tags that a study defaces.
     *
     * @throws IOException when it has no rule that defaces: every image would leave as it is
     */
    Set<String> tags(String study) throws IOException {
        Set<String> known = tags.get(study);
        if (known == null) {
            known = read(study);
            tags.put(study, known);
        }
        return known;
    }

    private Set<String> read(String study) throws IOException {
        Set<String> found = new TreeSet<>();
        AcceptedStudies.read(archive.resolve(AcceptedStudies.PATH))
                .flatMap(accepted -> accepted.configurations().study(study))
                .ifPresent(configuration -> configuration.pipelines().stream()
                        .filter(PipelineRule::defaces)
                        .forEach(rule -> found.addAll(rule.tags())));
        if (found.isEmpty()) {
            throw new IOException("Study " + study
                    + " has no pipeline with Defaced in its study file; nothing says which images show a face");
        }
        return found;
    }

    /** Whether the study defaces that image. */
    boolean shows(Provenance image) throws IOException {
        return tags(image.naming().study()).contains(image.naming().tag());
    }

    /** The defaced form of exactly the bytes of an image. */
    Optional<Defaced> find(Provenance image) throws IOException {
        Optional<FileRef> nifti = image.files().stream()
                .filter(file -> file.role() == FileRole.NIFTI)
                .findFirst();
        return nifti.isEmpty() ? Optional.empty() : Defaced.find(archive, nifti.get());
    }
}
