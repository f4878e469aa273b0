package org.datman.platform.latest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.datman.contracts.event.FormChecked;
import org.datman.contracts.event.FormChecked.State;
import org.datman.contracts.event.FormCheckedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.platform.latest.RepeatedCheck.Facts;
import org.junit.jupiter.api.Test;

class RepeatedCheckTest {

    private static final Facts<FormChecked> FORMS = new Facts<>(
            FormChecked::formRevision,
            FormChecked::configRevision,
            (fact, revision, configRevision) -> fact.withFormRevision(revision).withConfigRevision(configRevision),
            fact -> fact.state() == State.WITHDRAWN,
            last -> last.withState(State.WITHDRAWN));

    @Test
    void whatIsNewOrOtherIsPublishedWithTheNextRevisionAndWhatIsGoneIsWithdrawnOnce() {
        // Given: one stays but for the revision of the study, one changes, one goes, one went before, one comes
        List<FormChecked> last = List.of(
                form("stays", 3, State.COMPLETE, "r1"),
                form("changes", 4, State.RECORDED, "r1"),
                form("goes", 5, State.COMPLETE, "r1"),
                form("went", 6, State.WITHDRAWN, "r1"));
        List<FormChecked> now = List.of(
                form("stays", 0, State.COMPLETE, "r2"),
                form("changes", 0, State.COMPLETE, "r2"),
                form("comes", 0, State.RECORDED, "r2"));

        // When
        List<FormChecked> changed = RepeatedCheck.changed(last, now, "r2", FORMS);

        // Then
        assertThat(changed)
                .extracting(
                        FormChecked::form, FormChecked::state, FormChecked::formRevision, FormChecked::configRevision)
                .containsExactly(
                        Tuple.tuple("changes", State.COMPLETE, 5L, "r2"),
                        Tuple.tuple("comes", State.RECORDED, 1L, "r2"),
                        Tuple.tuple("goes", State.WITHDRAWN, 6L, "r2"));
    }

    @Test
    void whatAStudyLeavesThatIsNotConfiguredAnyMoreIsWithdrawnByItsLastRevision() {
        // Given
        List<FormChecked> last = List.of(form("goes", 5, State.COMPLETE, "r1"));

        // When
        List<FormChecked> changed = RepeatedCheck.changed(last, List.of(), null, FORMS);

        // Then
        assertThat(changed).containsExactly(form("goes", 6, State.WITHDRAWN, "r1"));
    }

    @Test
    void theFirstCheckOfALargeStudyIsPublishedInParts() {
        // Given
        List<Integer> all =
                IntStream.range(0, 2 * RepeatedCheck.AT_ONCE + 1).boxed().toList();

        // When
        List<List<Integer>> parts = RepeatedCheck.parts(all);

        // Then
        assertThat(parts).extracting(List::size).containsExactly(RepeatedCheck.AT_ONCE, RepeatedCheck.AT_ONCE, 1);
        assertThat(parts.stream().flatMap(List::stream)).containsExactlyElementsOf(all);
    }

    private static FormChecked form(String name, long revision, State state, String configRevision) {
        return FormCheckedBuilder.builder()
                .study("SPN")
                .form(name)
                .formRevision(revision)
                .state(state)
                .records(List.of())
                .sessions(List.of())
                .configRevision(configRevision)
                .reason(Reason.of("form-recorded", "recorded"))
                .build();
    }
}
