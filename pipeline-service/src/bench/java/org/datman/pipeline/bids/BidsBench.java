package org.datman.pipeline.bids;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.pipeline.selection.Image;
import org.datman.pipeline.selection.SessionFacts;
import org.datman.platform.archive.Archive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Milliseconds from a changed session to its validated files in the dataset. {@code ./datman bench bids} runs it and prints what it found.
 *
 * <p>Included: sidecars and headers read from the archive, the plan, linked and written files made durable, validation, renaming into the
 * dataset, provenance, tables of all sessions. Not included: reading the events from PostgreSQL, and the two seconds for which events
 * of a session are gathered.
 */
class BidsBench {

    private static final int WARM_UP = 30;
    private static final long GOAL_MILLIS = 200;
    private static final String STUDY = """
            StudyTag: STU
            XnatProjects: [STU]
            Sites: {CMH: {}}
            Tags:
              T1: {Pattern: {SeriesDescription: x}, QcType: anat, Bids: {Datatype: anat, Suffix: T1w}}
              T2: {Pattern: {SeriesDescription: x}, QcType: anat, Bids: {Datatype: anat, Suffix: T2w}}
              AP: {Pattern: {SeriesDescription: x}, QcType: fmap, Bids: {Datatype: fmap, Suffix: epi, Dir: AP, IntendedFor: RST}}
              PA: {Pattern: {SeriesDescription: x}, QcType: fmap, Bids: {Datatype: fmap, Suffix: epi, Dir: PA, IntendedFor: RST}}
              DTI: {Pattern: {SeriesDescription: x}, QcType: dwi, Bids: {Datatype: dwi, Suffix: dwi}}
              RST: {Pattern: {SeriesDescription: x}, QcType: bold, Bids: {Datatype: func, Suffix: bold, Task: rest}}
            """;

    @TempDir
    Path folder;

    private final Map<String, List<Double>> times = new LinkedHashMap<>();

    @Test
    void millisecondsOfASession() throws Exception {
        // Given
        int sessions = Integer.getInteger("datman.bench.sessions", 41);
        StudyConfiguration study = StudyConfigurations.ofText("STU.yml", STUDY.getBytes(StandardCharsets.UTF_8))
                .study("STU")
                .orElseThrow();
        Archive archive = new Archive(folder.resolve("archive"));
        BidsReader reader = new BidsReader(null, null, archive);
        DatasetFolder dataset = new DatasetFolder(archive, "STU", "bids", "1.0");
        List<BidsSummary> summaries = new ArrayList<>();

        // When
        for (int i = 0; i < WARM_UP + sessions; i++) {
            if (i == WARM_UP) {
                times.clear();
            }
            BidsSession stored =
                    visit(String.format(Locale.ROOT, "STU_CMH_%04d_01_01", i)).storedIn(archive);
            write("a session that is new", reader, dataset, known(stored, false), study, summaries);
            write("a decision on one that is there", reader, dataset, known(stored, true), study, summaries);
        }

        // Then
        System.out.printf(
                "BIDS session of 11 images, %d of each, in a dataset of up to %d:%n", sessions, WARM_UP + sessions);
        times.forEach((what, millis) -> System.out.printf(
                Locale.ROOT,
                "  %s: median %.0f ms, longest %.0f ms%s%n",
                what,
                median(millis),
                millis.stream().mapToDouble(each -> each).max().orElse(0),
                what.startsWith(" ") ? "" : " (goal " + GOAL_MILLIS + " ms)"));
        System.out.println(
                "  from what the archive has to validated files in the dataset, with tables and provenance, all durable; without reading"
                        + " events from PostgreSQL, and the 2 s for which they are gathered");
        System.out.println("[");
        assertThat(summaries).hasSize(WARM_UP + sessions);
    }

    private void write(
            String what,
            BidsReader reader,
            DatasetFolder dataset,
            BidsReader.Known known,
            StudyConfiguration study,
            List<BidsSummary> summaries)
            throws Exception {
        long begin = System.nanoTime();
        BidsSession session = reader.read(known, study);
        long read = System.nanoTime();
        try (DatasetFolder.Prepared prepared = dataset.prepare(session)) {
            long validated = System.nanoTime();
            dataset.publish(prepared);
            dataset.writeLog(prepared.plan(), study.revision());
            long published = System.nanoTime();
            BidsSummary summary = BidsSummary.of(prepared.plan());
            summaries.removeIf(other -> other.subject().equals(summary.subject()));
            summaries.add(summary);
            dataset.writeTables(summaries);
            long end = System.nanoTime();
            add(what, end - begin);
            add("  read", read - begin);
            add("  planned, written, validated", validated - read);
            add("  in its place, with provenance", published - validated);
            add("  tables", end - published);
            assertThat(prepared.plan().images()).hasSize(11);
        }
    }

    private void add(String what, long nanos) {
        times.computeIfAbsent(what, key -> new ArrayList<>()).add(nanos / 1e6);
    }

    private static double median(List<Double> millis) {
        return millis.stream().sorted().toList().get(millis.size() / 2);
    }

    /** What the events have about a session whose files are in the archive. */
    private static BidsReader.Known known(BidsSession session, boolean signedOff) {
        List<Image> images = new ArrayList<>();
        List<AcquiredImage> acquired = new ArrayList<>();
        for (BidsImage image : session.images()) {
            images.add(
                    new Image(image.stem(), image.tag(), true, false, image.files(), image.verdict(), image.review()));
            acquired.add(new AcquiredImage(
                    image.scan(),
                    image.stem(),
                    "CMH",
                    image.tag(),
                    "",
                    new SeriesExported.Product(image.stem(), image.tag(), "anat", List.of(), image.files()),
                    List.of()));
        }
        SessionFacts facts = new SessionFacts(
                new SessionRef("test", session.id().sessionName()),
                "STU",
                session.id().sessionName(),
                false,
                false,
                null,
                images,
                null,
                signedOff);
        return new BidsReader.Known(facts, "CMH", acquired, Map.of(), List.of());
    }

    /** Eleven images with sidecars, as labs have it. */
    private static Visit visit(String name) {
        Visit visit = new Visit(name)
                .with(2, "T1", "anat/T1w", "{'EchoTime': 0.003, 'RepetitionTime': 2.3}")
                .with(3, "T2", "anat/T2w", "{'EchoTime': 0.1, 'RepetitionTime': 3.2}")
                .with(4, "AP", "fmap/epi", "{'PhaseEncodingDirection': 'j-', 'TotalReadoutTime': 0.05}")
                .with(5, "PA", "fmap/epi", "{'PhaseEncodingDirection': 'j', 'TotalReadoutTime': 0.05}")
                .with(6, "DTI", "dwi/dwi", "{'PhaseEncodingDirection': 'j', 'EchoTime': 0.08}");
        for (int run = 0; run < 6; run++) {
            visit.with(
                    7 + run,
                    "RST",
                    "func/bold",
                    "{'RepetitionTime': 2.0, 'PhaseEncodingDirection': 'j', 'SliceTiming': [0, 0.5, 1, 1.5]}");
        }
        return visit;
    }
}
