package org.datman.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The way of one session, as the description of the sync package has it. The calls are read from the compiled classes, in the order of their lines. */
class StraightWayTest {

    private static final String ROOT = "org.datman.ingest.";

    private static final List<String> STEPS = List.of("queue", "published", "read", "diff", "outgoing");

    /** The methods of the way, in the order in which they are entered. */
    private static final List<String> METHODS = List.of(
            "SyncWorkers.next",
            "SessionUpdate.request",
            "SessionSync.read",
            "SessionUpdate.present",
            "SessionUpdate.before",
            "SessionUpdate.write");

    @Test
    void eachStepIsOneCallBetweenTheStores() {
        // Given
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.datman.ingest");

        // When
        List<String> entered = new ArrayList<>();
        for (String step : METHODS.stream()
                .flatMap(method -> calls(classes, method).stream())
                .toList()) {
            if (entered.isEmpty() || !entered.get(entered.size() - 1).equals(step)) {
                entered.add(step);
            }
        }

        // Then
        assertThat(entered)
                .as("claimed, looked up, read; then in one transaction: finished, locked, compared, stored, published")
                .containsExactly("queue", "published", "read", "queue", "published", "diff", "published", "outgoing");
    }

    /** The steps that a method of the sync package calls; what is asked of a result, a record or an exception, is no call of a step. */
    private static List<String> calls(JavaClasses classes, String method) {
        JavaClass owner = classes.get(ROOT + "sync." + method.substring(0, method.indexOf('.')));
        return owner.getMethods().stream()
                .filter(one -> one.getName().equals(method.substring(method.indexOf('.') + 1)))
                .flatMap(one -> one.getMethodCallsFromSelf().stream())
                .filter(call -> !isOfResult(call))
                .sorted(Comparator.comparingInt(JavaAccess::getLineNumber))
                .map(call -> call.getTargetOwner().getPackageName())
                .filter(target -> target.startsWith(ROOT))
                .map(target -> target.substring(ROOT.length()))
                .filter(STEPS::contains)
                .toList();
    }

    private static boolean isOfResult(JavaMethodCall call) {
        JavaClass owner = call.getTargetOwner();
        return owner.isAssignableTo(Throwable.class)
                || owner.isRecord()
                        && call.getTarget()
                                .resolveMember()
                                .filter(method -> !method.getModifiers().contains(JavaModifier.STATIC))
                                .isPresent();
    }
}
