package org.datman.pipeline.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionCheckedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.AppliesTo;
import org.datman.contracts.study.PipelineRule;
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
                rule(verdict, false, AppliesTo.PEOPLE, Map.of("image", new PipelineRule.Input("T1", "nii")));

        // When
        Selection.Outcome outcome = Selection.decide(rule, session(images, false, null));

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
                rule(RequiredVerdict.ANY, false, appliesTo, Map.of("image", new PipelineRule.Input("T1", "nii")));

        // When
        Selection.Outcome outcome = Selection.decide(rule, session("3:PASS:-", phantom, null));

        // Then
        assertThat(shown(outcome)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "[{index}] check {0} -> {1}")
    @CsvSource({"none, not-checked", "false, not-complete", "true, 3"})
    void theSessionMustBeCompleteWhereTheRuleDemandsIt(String check, String expected) {
        // Given
        PipelineRule rule =
                rule(RequiredVerdict.ANY, true, AppliesTo.PEOPLE, Map.of("image", new PipelineRule.Input("T1", "nii")));
        SessionChecked checked = check.equals("none") ? null : check(check.equals("true"));

        // When
        Selection.Outcome outcome = Selection.decide(rule, session("3:PASS:-", false, checked));

        // Then
        assertThat(shown(outcome)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "[{index}] role {0} -> {1}")
    @CsvSource({"nii, 3", "json, 3", "dcm, 3", "bval, no-such-file"})
    void aRoleOfTheRuleIsAFileOfTheImage(String role, String expected) {
        // Given
        PipelineRule rule =
                rule(RequiredVerdict.ANY, false, AppliesTo.PEOPLE, Map.of("file", new PipelineRule.Input("T1", role)));

        // When
        Selection.Outcome outcome = Selection.decide(rule, session("3:PASS:-", false, null));

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
                Map.of("t1", new PipelineRule.Input("T1", "nii"), "t2", new PipelineRule.Input("T2", "nii")));

        // When
        Selection.Outcome outcome = Selection.decide(rule, session("3:FLAG:-", false, check(false)));

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
                rule(RequiredVerdict.WARN, true, AppliesTo.PEOPLE, Map.of("t1", new PipelineRule.Input("T1", "nii")));
        SessionFacts facts = session("3:PASS:-", false, check(false));
        SessionFacts signedOff = new SessionFacts(
                facts.session(), facts.study(), facts.sessionName(), false, false, facts.images(), facts.check(), true);

        // When
        Selection.Outcome outcome = Selection.decide(rule, signedOff);

        // Then
        assertThat(Selection.decide(rule, facts)).isInstanceOf(Selection.NotYet.class);
        assertThat(outcome).isInstanceOf(Selection.Runnable.class);
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
        return new PipelineRule("anat", "anat.json", inputs, Map.of(), verdict, checked, appliesTo, null, "");
    }

    private static SessionFacts session(String images, boolean phantom, SessionChecked check) {
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
        return new SessionFacts(
                new SessionRef("s", "A"), "TST", "TST_CMH_0001_01_01", phantom, false, all, check, false);
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
