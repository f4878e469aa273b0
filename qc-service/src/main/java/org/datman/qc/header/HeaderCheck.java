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
     * @param standard name of the gold standard, or why there was none to compare with
     * @param differences what differs
     */
    public record Outcome(Optional<String> standard, Optional<String> problem, List<HeaderDifference> differences) {}

    /** Reads an image's sidecar and kept DICOM. One that cannot be read is logged and treated as missing. */
    public HeaderOfImage read(Optional<Path> sidecar, Optional<Path> dicom) {
        Optional<ParameterRecord> own = dicom.flatMap(HeaderCheck::record);
        Optional<ParameterRecord> all = sidecar.flatMap(HeaderCheck::record)
                .map(header -> own.map(header::merge).orElse(header))
                .or(() -> own);
        return new HeaderOfImage(own, all);
    }

    private static Optional<ParameterRecord> record(Path file) {
        try {
            return Optional.of(HeaderFiles.read(file));
        } catch (IOException e) {
            waitFor(e);
            LOG.warnf("A header cannot be read file=%s error=%s", file.getFileName(), e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Compares a sidecar with the standard that applies on the day: the one that a person set, else the study file's.
     *
     * @param set the standard that a person set, if one applies
     * @param dicom content of the kept DICOM, if there is one that can be read
     */
    public Outcome compare(
            StudyConfiguration study,
            String site,
            TagRule rule,
            LocalDate day,
            Optional<GoldStandardSet> set,
            Optional<Path> sidecar,
            Optional<ParameterRecord> dicom) {
        Optional<GoldStandard> configured = study.goldStandard(site, rule.tag(), day);
        try {
            Optional<Standard> standard = standard(configured, set);
            if (standard.isEmpty()) {
                return new Outcome(Optional.empty(), Optional.empty(), List.of());
            }
            if (sidecar.isEmpty()) {
                return new Outcome(
                        Optional.of(standard.get().name()),
                        Optional.of("there is no sidecar to compare with the gold standard"),
                        List.of());
            }
            return compare(standard.get(), sidecar.get(), dicom, rule.headerRules());
        } catch (IOException | IllegalArgumentException e) {
            waitFor(e);
            return new Outcome(
                    Optional.empty(),
                    Optional.of("the gold standard of " + rule.tag() + " at " + site + " cannot be read: "
                            + e.getMessage()),
                    List.of());
        }
    }

    private static Outcome compare(
            Standard standard, Path sidecar, Optional<ParameterRecord> dicom, HeaderRules rules) {
        try {
            return new Outcome(
                    Optional.of(standard.name()),
                    Optional.empty(),
                    HeaderDifferences.of(standard, fields(sidecar), dicom, rules));
        } catch (IOException e) {
            waitFor(e);
            return new Outcome(
                    Optional.of(standard.name()),
                    Optional.of(
                            "the sidecar " + sidecar.getFileName() + " cannot be read, so its header was not compared"),
                    List.of());
        }
    }

    /** A storage that is temporarily unavailable says nothing about the file: no verdict may result from it. */
    private static void waitFor(Exception e) {
        if (TransientErrors.isOutage(e)) {
            throw new OutageException("A header cannot be read now: " + e.getMessage(), e);
        }
    }

    /** The later of the two that apply wins; on the same day the person's standard precedes the file's. */
    public static boolean holds(GoldStandardSet set, Optional<GoldStandard> configured) {
        return configured
                .filter(standard -> standard.from().isAfter(set.validFrom()))
                .isEmpty();
    }

    /**
     * The file with this ending beside the sidecar of a standard of the study file: its gradient table.
     *
     * @return empty when the standard is no file, or there is no such file
     */
    public Optional<Path> beside(GoldStandard gold, String ending) {
        return gold.file()
                .filter(name -> name.endsWith(".json"))
                .map(name -> studyFolder
                        .resolve(name.substring(0, name.length() - ".json".length()) + ending)
                        .normalize())
                .filter(file -> file.startsWith(studyFolder.normalize()) && Files.isRegularFile(file));
    }

    private Optional<Standard> standard(Optional<GoldStandard> configured, Optional<GoldStandardSet> set)
            throws IOException {
        if (set.isPresent() && holds(set.get(), configured)) {
            GoldStandardSet gold = set.get();
            return Optional.of(new Standard(
                    gold.stem() + " from " + gold.validFrom() + " (set by " + gold.setBy() + ")",
                    true,
                    fields(archive.resolve(gold.sidecar().path())),
                    gold.dicom().isPresent()
                            ? Optional.of(HeaderFiles.read(
                                    archive.resolve(gold.dicom().get().path())))
                            : Optional.empty()));
        }
        if (configured.isEmpty()) {
            return Optional.empty();
        }
        GoldStandard gold = configured.get();
        if (gold.file().isEmpty()) {
            return Optional.of(new Standard("study file from " + gold.from(), false, gold.parameters()));
        }
        Path file = studyFolder.resolve(gold.file().get()).normalize();
        if (!file.startsWith(studyFolder.normalize())) {
            throw new IllegalArgumentException(gold.file().get() + " is outside the folder of the studies");
        }
        return Optional.of(new Standard(gold.file().get() + " from " + gold.from(), true, fields(file)));
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
