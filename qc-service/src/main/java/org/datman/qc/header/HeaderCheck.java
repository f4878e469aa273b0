package org.datman.qc.header;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.QcComplete.HeaderDifference;
import org.datman.contracts.study.GoldStandard;
import org.datman.contracts.study.HeaderRules;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.TagRule;
import org.datman.header.HeaderFiles;
import org.datman.header.ParameterRecord;
import org.datman.header.SidecarJson;
import org.datman.platform.archive.Archive;
import org.datman.platform.event.OutageException;
import org.datman.platform.event.TransientErrors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Finds the gold standard that applies to a series and compares with it. */
@ApplicationScoped
public class HeaderCheck {

    private static final Logger LOG = Logger.getLogger(HeaderCheck.class);

    private final Archive archive;
    private final Path studyFolder;

    HeaderCheck(Archive archive, @ConfigProperty(name = "datman.studies") Path studyFolder) {
        this.archive = archive;
        this.studyFolder = studyFolder;
    }

    /**
     * Result of a comparison.
     *
     * @param standard name of the gold standard, or null when there was none to compare with
     * @param problem why the header was not compared, or null
     * @param differences what differs
     */
    public record Outcome(
            @Nullable String standard, @Nullable String problem, List<HeaderDifference> differences) {}

    /** Reads an image's sidecar and kept DICOM. One that cannot be read is logged and treated as missing. */
    public HeaderOfImage read(@Nullable Path sidecar, @Nullable Path dicom) {
        ParameterRecord own = record(dicom);
        ParameterRecord header = record(sidecar);
        return new HeaderOfImage(own, header == null ? own : own == null ? header : header.merge(own));
    }

    private @Nullable ParameterRecord record(@Nullable Path file) {
        if (file == null) {
            return null;
        }
        try {
            return HeaderFiles.read(file);
        } catch (IOException e) {
            waitFor(e);
            LOG.warnf("A header cannot be read file=%s error=%s", file.getFileName(), e.getMessage());
            return null;
        }
    }

    /**
     * Compares a sidecar with the standard that applies on the day: the one that a person set, else the study file's.
     *
     * @param set the standard that a person set, or null when none applies
     * @param sidecar of the image, or null
     * @param dicom content of the kept DICOM, or null when there is none that can be read
     */
    public Outcome compare(
            StudyConfiguration study,
            String site,
            TagRule rule,
            LocalDate day,
            @Nullable GoldStandardSet set,
            @Nullable Path sidecar,
            @Nullable ParameterRecord dicom) {
        GoldStandard configured = study.goldStandard(site, rule.tag(), day).orElse(null);
        try {
            Standard standard = standard(configured, set);
            if (standard == null) {
                return new Outcome(null, null, List.of());
            }
            if (sidecar == null) {
                return new Outcome(standard.name(), "there is no sidecar to compare with the gold standard", List.of());
            }
            return compare(standard, sidecar, dicom, rule.headerRules());
        } catch (IOException | IllegalArgumentException e) {
            waitFor(e);
            return new Outcome(
                    null,
                    "the gold standard of " + rule.tag() + " at " + site + " cannot be read: " + e.getMessage(),
                    List.of());
        }
    }

    private Outcome compare(Standard standard, Path sidecar, @Nullable ParameterRecord dicom, HeaderRules rules) {
        try {
            return new Outcome(standard.name(), null, HeaderDifferences.of(standard, fields(sidecar), dicom, rules));
        } catch (IOException e) {
            waitFor(e);
            return new Outcome(
                    standard.name(),
                    "the sidecar " + sidecar.getFileName() + " cannot be read, so its header was not compared",
                    List.of());
        }
    }

    /** A storage that is temporarily unavailable says nothing about the file, nor does an archive that is away: no verdict may result from it. */
    private void waitFor(Exception e) {
        try {
            archive.requireThere();
        } catch (IOException away) {
            throw new OutageException("A header cannot be read now: " + away.getMessage(), away);
        }
        if (TransientErrors.isOutage(e)) {
            throw new OutageException("A header cannot be read now: " + e.getMessage(), e);
        }
    }

    /** The later of the two that apply wins; on the same day the person's standard precedes the file's. */
    public static boolean holds(GoldStandardSet set, @Nullable GoldStandard configured) {
        return configured == null || !configured.from().isAfter(set.validFrom());
    }

    /**
     * The file with this ending beside the sidecar of a standard of the study file: its gradient table.
     *
     * @return empty when the standard is no file, or there is no such file
     */
    public Optional<Path> beside(GoldStandard gold, String ending) {
        return gold.findFile()
                .filter(name -> name.endsWith(".json"))
                .map(name -> studyFolder
                        .resolve(name.substring(0, name.length() - ".json".length()) + ending)
                        .normalize())
                .filter(file -> file.startsWith(studyFolder.normalize()) && Files.isRegularFile(file));
    }

    private @Nullable Standard standard(@Nullable GoldStandard configured, @Nullable GoldStandardSet set)
            throws IOException {
        if (set != null && holds(set, configured)) {
            return new Standard(
                    set.stem() + " from " + set.validFrom() + " (set by " + set.setBy() + ")",
                    true,
                    fields(archive.resolve(set.sidecar().path())),
                    set.dicom().isPresent()
                            ? HeaderFiles.read(archive.resolve(set.dicom().get().path()))
                            : null);
        }
        if (configured == null) {
            return null;
        }
        String name = configured.file();
        if (name == null) {
            return new Standard("study file from " + configured.from(), false, configured.parameters());
        }
        Path file = studyFolder.resolve(name).normalize();
        if (!file.startsWith(studyFolder.normalize())) {
            throw new IllegalArgumentException(name + " is outside the folder of the studies");
        }
        return new Standard(name + " from " + configured.from(), true, fields(file));
    }

    /** Fields of the sidecar. An invalid number is absent, and reported where the image is measured. */
    private static Map<String, JsonNode> fields(Path file) throws IOException {
        Map<String, JsonNode> fields = new TreeMap<>();
        SidecarJson.read(file).root().properties().forEach(field -> {
            if (!field.getValue().isNull()) {
                fields.put(field.getKey(), field.getValue());
            }
        });
        return fields;
    }
}
