package org.datman.pipeline.bids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.bids.schema.BidsSchema;
import org.datman.bids.validation.BidsValidator;
import org.datman.bids.validation.FindingSeverity;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscoveredBuilder;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.study.BidsRule;
import org.datman.contracts.study.HeaderKeywords;
import org.datman.contracts.study.SeriesTagger;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiReader;
import org.datman.pipeline.PythonPackages;
import org.datman.platform.archive.Archive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real scans of all vendors, by the demo's study for them, are one valid dataset: each image whose tag has {@code Bids} is in it, and each
 * other one has a reason. The small series by default; all of them with {@code -Ddatman.test.every-series=true}.
 */
class RealStudyTest {

    private static final Path DATA = Path.of(System.getProperty("datman.shared-data", "none"));
    private static final Path STUDIES =
            Path.of(System.getProperty("datman.root", "."), "deploy/local/src/main/resources/demo-studies");
    private static final boolean EVERY = Boolean.getBoolean("datman.test.every-series");
    private static final long SMALL_BYTES = 500_000;
    private static final String PACKAGE = "bids-validator-deno==3.0.2";

    @TempDir
    Path folder;

    private final StudyConfigurations studies = StudyConfigurations.load(STUDIES);
    private final Set<String> withoutBids = new TreeSet<>();
    private int images;

    @Test
    void theRealScansAreOneValidDataset() throws Exception {
        // Given
        assumeTrue(Files.isDirectory(DATA), "skipped: the real scans are not here");
        Archive archive = new Archive(folder.resolve("archive"));
        StudyConfiguration study = studies.study("REAL").orElseThrow();
        DatasetFolder dataset = new DatasetFolder(archive, "REAL", "bids", "1.0");
        List<BidsSummary> summaries = new ArrayList<>();
        List<LeftOut> faults = new ArrayList<>();
        List<String> contradictions = new ArrayList<>();

        // When
        for (Map.Entry<String, List<Path>> visit : visits().entrySet()) {
            BidsSession session = session(archive, study, visit.getKey(), visit.getValue());
            try (DatasetFolder.Prepared prepared = dataset.prepare(session)) {
                dataset.publish(prepared);
                dataset.writeLog(prepared.plan(), study.revision());
                if (!prepared.plan().isEmpty()) {
                    summaries.add(BidsSummary.of(prepared.plan()));
                }
                prepared.plan().leftOut().stream().filter(LeftOut::fault).forEach(faults::add);
                prepared.plan().images().forEach(image -> contradictions.addAll(image.contradictions()));
            }
        }
        dataset.writeTables(summaries);

        // Then
        Path raw = archive.root().resolve("REAL/bids/rawbids");
        assertThat(faults).isEmpty();
        assertThat(contradictions).isEmpty();
        assertThat(new BidsValidator(raw, BidsSchema.bundled(), true)
                        .validate().findings().stream().filter(finding -> finding.severity() == FindingSeverity.ERROR))
                .isEmpty();
        assertThat(summaries.stream().mapToInt(each -> each.scans().size()).sum())
                .isEqualTo(images);
        assertThat(withoutBids).isSubsetOf("DERIVED", "LOC", "T1-ACR", "ASL-RESULT", "ASL-PHANTOM");
        System.out.printf(
                "%d real images of %d sessions are in the dataset; without Bids: %s%n",
                images, summaries.size(), withoutBids);
        if (EVERY) {
            assertThat(official(raw)).isEmpty();
        }
    }

    /** The archives of each session. */
    private static Map<String, List<Path>> visits() throws IOException {
        try (Stream<Path> found = Files.walk(DATA, 2)) {
            List<Path> archives = new ArrayList<>();
            for (Path archive : found.filter(path -> path.toString().endsWith(".tar.xz"))
                    .sorted()
                    .toList()) {
                if (EVERY || Files.size(archive) < SMALL_BYTES) {
                    archives.add(archive);
                }
            }
            return archives.stream()
                    .collect(Collectors.groupingBy(
                            archive -> archive.getParent().getFileName().toString(),
                            TreeMap::new,
                            Collectors.toList()));
        }
    }

    private BidsSession session(Archive archive, StudyConfiguration study, String name, List<Path> series)
            throws Exception {
        String subject = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
        String label = "REAL_LAB_" + subject.substring(0, Math.min(24, subject.length())) + "_01_01";
        List<BidsImage> wanted = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        for (Path packed : series) {
            Path dicom = Files.createDirectories(folder.resolve("dicom-" + images + "-" + packed.getFileName()));
            run("tar", "-xJf", packed.toString(), "-C", dicom.toString());
            Path nifti = Files.createDirectories(dicom.resolveSibling(dicom.getFileName() + "-nifti"));
            run("dcm2niix", "-b", "y", "-z", "n", "-f", "i_%s_%e", "-o", nifti.toString(), dicom.toString());
            Map<String, SeriesTagged> tagged = tagged(label, dicom);
            try (Stream<Path> all = Files.list(nifti)) {
                for (Path image : all.filter(file -> file.toString().endsWith(".nii"))
                        .sorted()
                        .toList()) {
                    place(archive, study, tagged, image, wanted, leftOut);
                }
            }
        }
        images += wanted.size();
        return new BidsSession(
                "REAL",
                DatmanIds.parse(label),
                "LAB",
                false,
                wanted,
                leftOut,
                List.of(),
                List.of(),
                SuppliedSession.NONE);
    }

    /** The decision on each series by its number, from the header of its first image. */
    private Map<String, SeriesTagged> tagged(String label, Path dicom) throws IOException {
        Map<String, Map<String, String>> headers = new TreeMap<>(Comparator.comparing(ScanId::new));
        try (Stream<Path> all = Files.walk(dicom)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                try {
                    Map<String, String> header = DicomReader.read(file).texts(HeaderKeywords.CARRIED);
                    headers.merge(
                            header.getOrDefault("SeriesNumber", ""),
                            header,
                            (first, next) -> first.containsKey("Rows") ? first : next);
                } catch (ImageFormatException none) {
                    // A directory of a medium, which is no image.
                }
            }
        }
        Map<String, SeriesTagged> tagged = new HashMap<>();
        headers.forEach((number, header) -> {
            SeriesDiscovered series = SeriesDiscoveredBuilder.builder()
                    .session(new SessionRef("test", label))
                    .seriesRevision(1)
                    .status(SeriesDiscovered.Status.PRESENT)
                    .project("REAL")
                    .subjectLabel(label)
                    .sessionLabel(label)
                    .scan(number)
                    .description(header.getOrDefault("SeriesDescription", ""))
                    .xnatType("")
                    .xsiType("")
                    .quality("usable")
                    .imageType(
                            Arrays.asList(header.getOrDefault("ImageType", "").split("\\\\")))
                    .echoNumbers(new TreeSet<>())
                    .header(header)
                    .fileCount(1)
                    .byteCount(1)
                    .fingerprint("")
                    .seriesNumber(
                            Optional.of(number).filter(text -> !text.isEmpty()).map(Long::valueOf))
                    .build();
            tagged.put(number, SeriesTagger.decide(series, studies));
        });
        return tagged;
    }

    private void place(
            Archive archive,
            StudyConfiguration study,
            Map<String, SeriesTagged> tagged,
            Path image,
            List<BidsImage> wanted,
            List<LeftOut> leftOut)
            throws IOException {
        String base = image.toString().substring(0, image.toString().length() - ".nii".length());
        String name = Path.of(base).getFileName().toString();
        String[] tokens = name.split("_", 4);
        ObjectNode sidecar =
                (ObjectNode) EventJson.mapper().readTree(Path.of(base + ".json").toFile());
        SeriesTagged series = tagged.get(tokens[1]);
        assertThat(series).as("the series of " + image).isNotNull();
        assertThat(series.assignments()).as("tags of " + series.description()).isNotEmpty();
        Assignment assignment = series.assignments().stream()
                .filter(each -> takes(each, tokens, sidecar))
                .findFirst()
                .orElse(null);
        if (assignment == null) {
            withoutBids.add("DERIVED");
            return;
        }
        String stem = assignment.stem() + "_" + wanted.size();
        AcquiredImage acquired = new AcquiredImage(
                new ScanId(series.scan()),
                stem,
                "LAB",
                assignment.tag(),
                series.description(),
                new SeriesExported.Product(stem, assignment.tag(), "ignore", List.of(), List.of()),
                List.of());
        Optional<BidsRule> rule = acquired.rule(study);
        if (rule.isEmpty()) {
            withoutBids.add(assignment.tag());
            leftOut.add(LeftOut.wanted(stem, "no-bids-rule", "no rule"));
            return;
        }
        assertThat(acquired.nameless(rule.get())).isEmpty();
        List<FileRef> files = new ArrayList<>();
        Map<FileRole, String> roles = new LinkedHashMap<>(Map.of(
                FileRole.NIFTI, ".nii", FileRole.SIDECAR, ".json", FileRole.BVAL, ".bval", FileRole.BVEC, ".bvec"));
        for (Map.Entry<FileRole, String> role : roles.entrySet()) {
            Path file = Path.of(base + role.getValue());
            if (Files.exists(file)) {
                files.add(archive.store(role.getKey(), file, "REAL/nii/S/" + stem + role.getValue()));
            }
        }
        NiftiHeader header;
        try (NiftiReader reader = NiftiReader.open(archive.resolve(files.stream()
                .filter(file -> file.role() == FileRole.NIFTI)
                .findFirst()
                .orElseThrow()
                .path()))) {
            header = reader.header();
        }
        wanted.add(new BidsImage(
                new ScanId(series.scan()),
                stem,
                assignment.tag(),
                rule.get(),
                true,
                files,
                sidecar,
                header,
                LocalDateTime.of(2026, 11, 20, 10, 0).plusMinutes(wanted.size()),
                false,
                null,
                null,
                Map.of(),
                null));
    }

    /** As export chooses the images of a tag: here by the words of dcm2niix's names. */
    private static boolean takes(Assignment assignment, String[] tokens, ObjectNode sidecar) {
        String words = tokens.length > 3 ? tokens[3] : "";
        String part = words.contains("ph") ? "phase" : words.contains("fieldmaphz") ? "fieldmap" : "magnitude";
        boolean derived = sidecar.path("ImageType").toString().contains("DERIVED");
        return assignment
                        .echoNumber()
                        .map(echo -> tokens[2].startsWith(echo.toString()))
                        .orElse(true)
                && assignment.part().map(part::equals).orElse(true)
                && (!derived
                        || assignment.tag().equals("DERIVED")
                        || assignment.derived().orElse(false));
    }

    /** Errors of the validator of the BIDS maintainers. */
    private List<String> official(Path dataset) throws Exception {
        PythonPackages python = PythonPackages.installed(folder, PACKAGE);
        Path output = folder.resolve("official.json");
        run(python.program("bids-validator-deno"), "--format", "json", "-o", output.toString(), dataset.toString());
        List<String> errors = new ArrayList<>();
        EventJson.mapper().readTree(output.toFile()).at("/issues/issues").forEach(issue -> {
            if (issue.path("severity").asText().equals("error")) {
                errors.add(issue.toString());
            }
        });
        return errors;
    }

    private int run(String... command) throws Exception {
        return PythonPackages.run(folder, command);
    }
}
