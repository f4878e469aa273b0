package org.datman.pipeline.selection;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionCheckedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.AppliesTo;
import org.datman.contracts.study.PairedData;
import org.datman.contracts.study.PipelineRule;
import org.datman.contracts.study.PipelineRuleBuilder;
import org.datman.contracts.study.PipelineSchedule;
import org.datman.contracts.study.RequiredVerdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {

    /** Images are written as {@code scan:verdict:review}, with {@code -} for none; {@code !} after the scan: a partial export. */
    @ParameterizedTest(name = "[{index}] {0} at most {1} -> {2}")
    @CsvSource({
        "3:PASS:-,                 WARN, 3",
        "3:WARN:-,                 WARN, 3",
        "3:WARN:-,                 PASS, verdict-too-bad",
        "3:FLAG:-,                 WARN, verdict-too-bad",
        "3:ERROR:-,                WARN, verdict-too-bad",
        "3:ERROR:-,                ANY,  3",
        "3:-:-,                    WARN, no-verdict",
        "3:-:-,                    ANY,  3",
        "3:FLAG:PASS,              PASS, 3",
        "3:-:PASS,                 PASS, 3",
        "3:PASS:FLAGGED,           WARN, flagged-by-review",
        "3:PASS:FLAGGED,           ANY,  3",
        "3:PASS:BLACKLISTED,       ANY,  blacklisted",
        "3:PASS:- 4:PASS:-,        WARN, several-inputs",
        "3:PASS:- 4:PASS:-,        ANY,  several-inputs",
        "3:PASS:PASS 4:PASS:-,     WARN, 3",
        "3:PASS:PASS 4:PASS:PASS,  WARN, several-inputs",
        "3:PASS:- 4:FLAG:BLACKLISTED, WARN, 3",
        "3:FLAG:- 4:PASS:BLACKLISTED, WARN, verdict-too-bad",
        "3!:PASS:-,                ANY,  incomplete-series",
        "3!:PASS:PASS,             PASS, 3",
        "'',                       ANY,  no-input"
    })
    void anImageIsChosenOrItIsReportedWhyNot(String images, RequiredVerdict verdict, String expected) {
        // Given
        PipelineRule rule =
                rule(verdict, false, AppliesTo.PEOPLE, Map.of("image", new PipelineRule.TagFile("T1", "nii")));

        // When
        Selection.Outcome outcome = Selection.decide(rule, session(images, false, null), Sources.NONE);

        // Then
        assertThat(shown(outcome)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "[{index}] {0}, phantom {1} -> {2}")
    @CsvSource({
        "PEOPLE,   false, 3",
        "PEOPLE,   true,  unwanted not-for-this",
        "PHANTOMS, false, unwanted not-for-this",
        "PHANTOMS, true,  3",
        "BOTH,     true,  3",
        "BOTH,     false, 3"
    })
    void peopleAndPhantomsAreDistinguished(AppliesTo appliesTo, boolean phantom, String expected) {
        // Given
        PipelineRule rule =
                rule(RequiredVerdict.ANY, false, appliesTo, Map.of("image", new PipelineRule.TagFile("T1", "nii")));

        // When
        Selection.Outcome outcome = Selection.decide(rule, session("3:PASS:-", phantom, null), Sources.NONE);

        // Then
        assertThat(shown(outcome)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "[{index}] check {0} -> {1}")
    @CsvSource({"none, not-checked", "false, not-complete", "true, 3"})
    void theSessionMustBeCompleteWhereTheRuleDemandsIt(String check, String expected) {
        // Given
        PipelineRule rule = rule(
                RequiredVerdict.ANY, true, AppliesTo.PEOPLE, Map.of("image", new PipelineRule.TagFile("T1", "nii")));
        SessionChecked checked = check.equals("none") ? null : check(check.equals("true"));

        // When
        Selection.Outcome outcome = Selection.decide(rule, session("3:PASS:-", false, checked), Sources.NONE);

        // Then
        assertThat(shown(outcome)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "[{index}] role {0} -> {1}")
    @CsvSource({"nii, 3", "json, 3", "dcm, 3", "bval, no-such-file"})
    void aRoleOfTheRuleIsAFileOfTheImage(String role, String expected) {
        // Given
        PipelineRule rule = rule(
                RequiredVerdict.ANY, false, AppliesTo.PEOPLE, Map.of("file", new PipelineRule.TagFile("T1", role)));

        // When
        Selection.Outcome outcome = Selection.decide(rule, session("3:PASS:-", false, null), Sources.NONE);

        // Then
        assertThat(shown(outcome)).isEqualTo(expected);
    }

    @org.junit.jupiter.api.Test
    void allReasonsAreGivenAtOnce() {
        // Given
        PipelineRule rule = rule(
                RequiredVerdict.WARN,
                true,
                AppliesTo.PEOPLE,
                Map.of("t1", new PipelineRule.TagFile("T1", "nii"), "t2", new PipelineRule.TagFile("T2", "nii")));

        // When
        Selection.Outcome outcome = Selection.decide(rule, session("3:FLAG:-", false, check(false)), Sources.NONE);

        // Then
        assertThat(((Selection.NotYet) outcome).reason().message())
                .contains("QC verdict is FLAG for T1_3 (blurred); at most WARN may enter anat")
                .contains("There is no T2 yet")
                .contains("The session is not complete: T2 is missing");
    }

    @org.junit.jupiter.api.Test
    void aSessionThatAPersonSignedOffAsItIsMayEnterAlthoughItIsNotComplete() {
        // Given
        PipelineRule rule =
                rule(RequiredVerdict.WARN, true, AppliesTo.PEOPLE, Map.of("t1", new PipelineRule.TagFile("T1", "nii")));
        SessionFacts facts = session("3:PASS:-", false, check(false));
        SessionFacts signedOff = new SessionFacts(
                facts.session(),
                facts.study(),
                facts.sessionName(),
                false,
                false,
                null,
                facts.images(),
                facts.check(),
                true);

        // When
        Selection.Outcome outcome = Selection.decide(rule, signedOff, Sources.NONE);

        // Then
        assertThat(Selection.decide(rule, facts, Sources.NONE)).isInstanceOf(Selection.NotYet.class);
        assertThat(outcome).isInstanceOf(Selection.Runnable.class);
    }

    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @CsvSource({
        "3:PASS:-, false 0, 3",
        "'', true 0, without",
        "3:PASS:BLACKLISTED, true 0, without",
        "3:FLAG:-, true 0, verdict-too-bad",
        "3:PASS:- 4:PASS:-, false 0, several-inputs",
        "3:PASS:- 4:PASS:-, false 1, 3 4",
        "3:PASS:- 4:PASS:BLACKLISTED, false 1, 3",
        "3:PASS:- 4:FLAG:-, false 1, verdict-too-bad",
        "3:PASS:-, false 2, too-few-inputs",
        "'', true 1, without"
    })
    void imagesThatNeedNotBeThereAndAllOfATag(String images, String form, String expected) {
        // Given
        String[] parts = form.split(" ");
        PipelineRule rule = rule(
                RequiredVerdict.WARN,
                false,
                AppliesTo.PEOPLE,
                Map.of(
                        "t1",
                        new PipelineRule.TagFile(
                                "T1", "nii", Boolean.parseBoolean(parts[0]), Integer.parseInt(parts[1]))));

        // When
        Selection.Outcome outcome = Selection.decide(rule, session(images, false, null), Sources.NONE);

        // Then
        assertThat(files(outcome)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "fa, dti/fa.nii.gz",
        "tracts, dti/tracts a.tck b.tck",
        "maps, m1.tsv m2.tsv",
        "odd, dti/x* c.tck",
        "none, no-such-output"
    })
    void outputsOfAnotherPipeline(String output, String expected) {
        // Given
        PipelineRule rule = rule(
                RequiredVerdict.ANY,
                false,
                AppliesTo.PEOPLE,
                Map.of("in", new PipelineRule.PipelineOutput("dti", output)));
        ToolResult result = new ToolResult.Current(
                "dti 1",
                Map.of("fa", "dti/fa.nii.gz", "tracts", "dti/tracts", "maps", "dti/*.tsv", "odd", "dti/x*"),
                List.of(
                        file("dti/fa.nii.gz"),
                        file("dti/tracts/a.tck"),
                        file("dti/tracts/b.tck"),
                        file("dti/x*/c.tck"),
                        file("dti/xyz"),
                        file("dti/m1.tsv"),
                        file("dti/m2.tsv")));

        // When
        Selection.Outcome outcome =
                Selection.decide(rule, session("", false, null), new Sources(Map.of("dti", result), null));

        // Then
        assertThat(outcomeOf(outcome)).isEqualTo(expected);
    }

    @org.junit.jupiter.api.Test
    void ofTheBidsDatasetBlacklistedImagesAreLeftOutWithTheirFiles() {
        // Given
        PipelineRule rule =
                rule(RequiredVerdict.WARN, false, AppliesTo.PEOPLE, Map.of("bids", new PipelineRule.BidsInput()));
        BidsContent content = new BidsContent(
                "TST/bids/rawbids",
                List.of(
                        new BidsContent.Entry(file("TST/bids/rawbids/a.nii.gz"), List.of("T1_3")),
                        new BidsContent.Entry(file("TST/bids/rawbids/a.json"), List.of("T1_3")),
                        new BidsContent.Entry(file("TST/bids/rawbids/b.nii.gz"), List.of("T1_4")),
                        new BidsContent.Entry(file("TST/bids/rawbids/both.tsv"), List.of("T1_3", "T1_4")),
                        new BidsContent.Entry(file("TST/bids/rawbids/other.tsv"), List.of())),
                Map.of());

        // When
        Selection.Outcome outcome = Selection.decide(
                rule, session("3:PASS:- 4:PASS:BLACKLISTED", false, null), new Sources(Map.of(), content));

        // Then
        assertThat(outcomeOf(outcome)).isEqualTo("TST/bids/rawbids a.json a.nii.gz both.tsv other.tsv");
    }

    /** The dataset says of image T1_3 which images are its field map, or why there is none. */
    @ParameterizedTest(name = "field map {0}, images {1}: {2}")
    @CsvSource({
        "'T1_8 T1_5', 3:PASS:PASS 5:-:BLACKLISTED 8:PASS:-, No field map",
        "'T1_8 T1_5', 3:PASS:PASS 5:PASS:- 8:PASS:-,        T1_8.nii.gz T1_5.nii.gz",
        "'T1_8 T1_5', 3:PASS:PASS 5:FLAG:- 8:PASS:-,        QC verdict is FLAG for T1_5",
        "'T1_8 T1_5', 3:PASS:PASS 8:PASS:-,                 The field map of T1_3 (T1_8, T1_5) is not there any more",
        "'',          3:PASS:PASS 5:PASS:-,                 No field map of this session fits T1_3: because",
        "none,        3:PASS:PASS 5:PASS:-,                 T1_3 is not in the BIDS dataset of the session"
    })
    void aToolGetsTheFieldMapThatFitsItsImageOrWaitsForOne(String map, String images, String expected) {
        // Given
        PipelineRule rule = rule(
                RequiredVerdict.WARN,
                false,
                AppliesTo.PEOPLE,
                Map.of(
                        "image",
                        new PipelineRule.TagFile("T1", "nii"),
                        "maps",
                        new PipelineRule.FieldMapFile("T1", "", "nii")));
        List<String> stems = map.isEmpty() ? List.of() : List.of(map.split(" "));
        BidsContent content = new BidsContent(
                "TST/bids/rawbids",
                List.of(),
                map.equals("none")
                        ? Map.of()
                        : Map.of("T1_3", new BidsContent.FieldMap(stems, stems.isEmpty() ? "because" : "")));

        // When
        Selection.Outcome outcome =
                Selection.decide(rule, session(images, false, null), new Sources(Map.of(), content));

        // Then
        String found = outcome instanceof Selection.Runnable runnable
                ? runnable.sets().get("maps").files().stream()
                        .map(FileRef::path)
                        .collect(Collectors.joining(" "))
                : ((Selection.NotYet) outcome).reason().message();
        assertThat(found).startsWith(expected.equals("No field map") ? "The field map of T1_3" : expected);
    }

    /** Files as {@code folder/name=bytes@images of its scan}; the data are of at least 10 bytes, per T1. */
    @ParameterizedTest(name = "{0}, at least {1}, optional {2}: {3}")
    @CsvSource({
        "physio/a.log=10,                    0, false, a.log",
        "physio/a.log=9,                     0, false, no-paired-data",
        "behaviour/a.log=10,                 0, false, no-paired-data",
        "physio/a.csv=10,                    0, true,  none",
        "physio/a.log=10 physio/b.log=10,    0, false, several-paired-data",
        "physio/b.log=10 physio/a.log=10,    1, false, a.log b.log",
        "physio/b.log=10,                    2, false, no-paired-data",
        "physio/a.log=10@T1_3 physio/b.log=10@T1_4, 0, false, a.log"
    })
    void pairedDataAreFilesOfTheSessionAndOfItsScansThoseOfTheImage(
            String files, int atLeast, boolean optional, String expected) {
        // Given
        PairedData data = new PairedData(
                "physiology",
                Pattern.compile("log$"),
                Pattern.compile("phys"),
                1,
                10,
                AppliesTo.PEOPLE,
                "T1",
                null,
                null);
        PipelineRule rule = rule(
                RequiredVerdict.WARN,
                false,
                AppliesTo.PEOPLE,
                Map.of(
                        "image",
                        new PipelineRule.TagFile("T1", "nii"),
                        "log",
                        new PipelineRule.PairedInput(data, optional, atLeast)));
        List<PairedFile> there = java.util.Arrays.stream(files.split(" "))
                .map(text -> text.split("[/=@]"))
                .map(parts -> new PairedFile(
                        parts[0],
                        parts[1],
                        new FileRef(FileRole.RESOURCE, "TST/resources/x/" + parts[1], Long.parseLong(parts[2]), "a"),
                        parts.length > 3,
                        parts.length > 3 ? Set.of(parts[3]) : Set.of()))
                .toList();

        // When
        Selection.Outcome outcome = Selection.decide(
                rule,
                session("3:PASS:- 4:PASS:BLACKLISTED", false, null),
                new Sources(Map.of(), null, there, List.of()));

        // Then
        String found;
        if (outcome instanceof Selection.Runnable runnable) {
            found = runnable.sets().containsKey("log")
                    ? runnable.sets().get("log").files().stream()
                            .map(FileRef::path)
                            .collect(Collectors.joining(" "))
                    : runnable.inputs().containsKey("log")
                            ? runnable.inputs().get("log").path()
                            : "none";
        } else {
            found = ((Selection.NotYet) outcome).reason().code();
        }
        assertThat(found.replace("TST/resources/x/", "")).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"T1, 'No field map of this session fits T1_3: because', T2, TST/bids/rawbids a.nii.gz"})
    void aDatasetEntersWithTheFieldMapsThatTheRuleRequires(
            String required, String refusal, String other, String content) {
        // Given
        BidsContent dataset = new BidsContent(
                "TST/bids/rawbids",
                List.of(new BidsContent.Entry(file("TST/bids/rawbids/a.nii.gz"), List.of("T1_3"))),
                Map.of("T1_3", new BidsContent.FieldMap(List.of(), "because")));
        PipelineRule plain =
                rule(RequiredVerdict.WARN, false, AppliesTo.PEOPLE, Map.of("bids", new PipelineRule.BidsInput()));
        SessionFacts session = session("3:PASS:-", false, null);

        // When
        List<Selection.Outcome> outcomes = List.of(required, other).stream()
                .map(tag -> Selection.decide(
                        PipelineRuleBuilder.builder(plain)
                                .fieldMaps(Set.of(tag))
                                .build(),
                        session,
                        new Sources(Map.of(), dataset)))
                .toList();

        // Then
        assertThat(((Selection.NotYet) outcomes.get(0)).reason().message()).isEqualTo(refusal);
        assertThat(outcomeOf(outcomes.get(1))).isEqualTo(content);
    }

    @ParameterizedTest(name = "{0} of {1}: {2}")
    @CsvSource({"2026-11-02, 2026-11-02, 3", "2026-11-03, 2026-11-02, unwanted too-early", "2026-11-02, , no-date"})
    void sessionsSinceADay(java.time.LocalDate since, java.time.LocalDate date, String expected) {
        // Given
        PipelineRule rule = PipelineRuleBuilder.builder(rule(
                        RequiredVerdict.ANY,
                        false,
                        AppliesTo.PEOPLE,
                        Map.of("file", new PipelineRule.TagFile("T1", "nii"))))
                .since(since)
                .build();
        SessionFacts facts = session("3:PASS:-", false, null);

        // When
        Selection.Outcome outcome = Selection.decide(
                rule,
                new SessionFacts(
                        facts.session(),
                        facts.study(),
                        facts.sessionName(),
                        false,
                        false,
                        date,
                        facts.images(),
                        null,
                        false),
                Sources.NONE);

        // Then
        assertThat(shown(outcome)).isEqualTo(expected);
    }

    @org.junit.jupiter.api.Test
    void aSessionThatMustBeSignedOffWaitsForAPerson() {
        // Given
        PipelineRule rule = PipelineRuleBuilder.builder(rule(
                        RequiredVerdict.ANY,
                        false,
                        AppliesTo.PEOPLE,
                        Map.of("file", new PipelineRule.TagFile("T1", "nii"))))
                .signedOff(true)
                .build();

        // When
        Selection.Outcome outcome = Selection.decide(rule, session("3:PASS:-", false, null), Sources.NONE);

        // Then
        assertThat(shown(outcome)).isEqualTo("not-signed-off");
    }

    @org.junit.jupiter.api.Test
    void namesOfTheSessionAreValues() {
        // Given
        PipelineRule rule = rule(
                RequiredVerdict.ANY,
                false,
                AppliesTo.PEOPLE,
                Map.of(
                        "file",
                        new PipelineRule.TagFile("T1", "nii"),
                        "a",
                        new PipelineRule.SessionLabel(PipelineRule.Label.NAME),
                        "b",
                        new PipelineRule.SessionLabel(PipelineRule.Label.SUBJECT),
                        "c",
                        new PipelineRule.SessionLabel(PipelineRule.Label.BIDS_SUBJECT),
                        "d",
                        new PipelineRule.SessionLabel(PipelineRule.Label.BIDS_SESSION)));

        // When
        Selection.Outcome outcome = Selection.decide(rule, session("3:PASS:-", false, null), Sources.NONE);

        // Then
        assertThat(((Selection.Runnable) outcome).labels())
                .isEqualTo(Map.of("a", "TST_CMH_0001_01_01", "b", "TST_CMH_0001", "c", "CMH0001", "d", "01"));
    }

    /**
     * Sessions are written as {@code visit:result}, with a result of a version, {@code !} for one that is not there yet, {@code -} for one that is
     * not decided; {@code x} after the visit: the rules are not for it. The one that is decided is the second.
     */
    @ParameterizedTest(name = "[{index}] {0} -> {1}")
    @CsvSource({
        "01:1 02:1,     unwanted once-for-a-participant",
        "01x:- 02:1,    t/fs/1 02/r/f",
        "01x:1 02:1,    t/fs/1 02/r/f",
        "01x:! 02:1 03:1, t/fs/1 02/r/f 03/r/f",
        "02:1 03:1,     t/fs/1 02/r/f 03/r/f",
        "02:1 03:!,     'It waits for fs of session TST_CMH_0001_03_01, which is running'",
        "02:1 03:-,     'It waits for fs of session TST_CMH_0001_03_01, which is not decided yet'",
        "02:1 03x:-,    t/fs/1 02/r/f",
        "02:1 03:2,     'It waits for fs of all sessions to have results of one version of its tool; they are of fs 1 (TST_CMH_0001_02_01), fs 2 (TST_CMH_0001_03_01)'"
    })
    void resultsOfAllSessionsOnceForAParticipant(String sessions, String expected) {
        // Given
        PipelineRule rule = PipelineRuleBuilder.builder(rule(
                        RequiredVerdict.ANY,
                        false,
                        AppliesTo.PEOPLE,
                        Map.of("in", new PipelineRule.PipelineOutput("fs", "f", true))))
                .build();
        List<TimePoint> points = List.of(sessions.split(" ")).stream()
                .map(SelectionTest::timePoint)
                .sorted(TimePoint.ORDER)
                .toList();
        SessionFacts second = session("", "TST_CMH_0001_02_01", false, null);

        // When
        Selection.Outcome outcome = Selection.decide(rule, second, new Sources(Map.of(), null, List.of(), points));

        // Then
        assertThat(
                        outcome instanceof Selection.Runnable
                                ? outcomeOf(outcome)
                                : outcome instanceof Selection.NotYet not
                                        ? not.reason().message()
                                        : shown(outcome))
                .isEqualTo(expected);
    }

    private static TimePoint timePoint(String text) {
        String visit = text.substring(0, 2);
        String result = text.substring(text.indexOf(':') + 1);
        String run = "t/fs/" + result + "/" + visit + "/r";
        Map<String, ToolResult> results =
                switch (result) {
                    case "-" -> Map.of();
                    case "!" -> Map.of("fs", new ToolResult.Pending("is running"));
                    default ->
                        Map.of(
                                "fs",
                                new ToolResult.Current(
                                        "fs " + result,
                                        Map.of("f", run + "/f"),
                                        List.of(
                                                file(run + "/f"),
                                                new FileRef(FileRole.PROVENANCE, run + "/provenance.json", 1, "p"))));
                };
        return new TimePoint(
                "TST_CMH_0001_" + visit + "_01",
                null,
                results,
                text.charAt(2) == 'x' ? Set.of("fs", "anat") : Set.of());
    }

    private static FileRef file(String path) {
        return new FileRef(FileRole.OUTPUT, path, 1, "d");
    }

    private static String outcomeOf(Selection.Outcome outcome) {
        if (outcome instanceof Selection.Runnable runnable) {
            return runnable.inputs().isEmpty()
                    ? runnable.sets().values().stream()
                            .map(set -> set.folder().map(folder -> folder + " ").orElse("")
                                    + set.files().stream().map(set::pathOf).collect(Collectors.joining(" ")))
                            .collect(Collectors.joining())
                    : runnable.inputs().values().iterator().next().path();
        }
        return ((Selection.NotYet) outcome).reason().code();
    }

    private static String files(Selection.Outcome outcome) {
        if (!(outcome instanceof Selection.Runnable runnable)) {
            return shown(outcome);
        }
        List<FileRef> files = new ArrayList<>(runnable.inputs().values());
        runnable.sets().values().forEach(set -> files.addAll(set.files()));
        return files.isEmpty()
                ? "without"
                : files.stream()
                        .map(file -> file.path().replace("T1_", "").replace(".nii.gz", ""))
                        .collect(Collectors.joining(" "));
    }

    private static String shown(Selection.Outcome outcome) {
        if (outcome instanceof Selection.Runnable runnable) {
            String path = runnable.inputs().values().iterator().next().path();
            return path.substring(path.indexOf("T1_") + 3, path.indexOf('.'));
        } else if (outcome instanceof Selection.NotWanted notWanted) {
            return "unwanted " + notWanted.reason().code();
        }
        return ((Selection.NotYet) outcome).reason().code();
    }

    private static PipelineRule rule(
            RequiredVerdict verdict, boolean checked, AppliesTo appliesTo, Map<String, PipelineRule.Input> inputs) {
        return PipelineRuleBuilder.builder()
                .name("anat")
                .descriptor("anat.json")
                .manual("")
                .inputs(inputs)
                .parameters(Map.of())
                .verdict(verdict)
                .sessionChecked(checked)
                .signedOff(false)
                .since(null)
                .appliesTo(appliesTo)
                .runner(null)
                .container(null)
                .signedBy("")
                .fieldMaps(Set.of())
                .defaced("")
                .schedule(PipelineSchedule.ALWAYS)
                .build();
    }

    private static SessionFacts session(String images, boolean phantom, SessionChecked check) {
        return session(images, "TST_CMH_0001_01_01", phantom, check);
    }

    private static SessionFacts session(String images, String name, boolean phantom, SessionChecked check) {
        List<Image> all = new ArrayList<>();
        for (String text : images.isBlank() ? List.<String>of() : List.of(images.split(" "))) {
            String[] parts = text.split(":");
            String scan = parts[0].replace("!", "");
            all.add(new Image(
                    "T1_" + scan,
                    "T1",
                    true,
                    parts[0].endsWith("!"),
                    List.of(
                            new FileRef(FileRole.NIFTI, "T1_" + scan + ".nii.gz", 1, "a"),
                            new FileRef(FileRole.SIDECAR, "T1_" + scan + ".json", 1, "b"),
                            new FileRef(FileRole.DICOM, "T1_" + scan + ".dcm", 1, "c")),
                    parts[1].equals("-")
                            ? null
                            : new QcComplete.Verdict(
                                    QcComplete.Level.valueOf(parts[1]),
                                    parts[1].equals("PASS") ? List.of() : List.of("blurred")),
                    parts[2].equals("-") ? null : Decision.valueOf(parts[2])));
        }
        return new SessionFacts(new SessionRef("s", "A"), "TST", name, phantom, false, null, all, check, false);
    }

    private static SessionChecked check(boolean complete) {
        return SessionCheckedBuilder.builder()
                .session(new SessionRef("s", "A"))
                .settleRevision(1)
                .checkRevision(1)
                .study("TST")
                .site("CMH")
                .sessionName("TST_CMH_0001_01_01")
                .phantom(false)
                .rows(List.of())
                .complete(complete)
                .reasons(complete ? List.of() : List.of("T2 is missing"))
                .pending(List.of())
                .configRevision("c")
                .build();
    }
}
