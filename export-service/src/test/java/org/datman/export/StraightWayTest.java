package org.datman.export;

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

/** The way of one series goes through each package once. The calls are read from the compiled classes, in the order of their lines. */
class StraightWayTest {

    private static final String ROOT = "org.datman.export.";

    private static final List<String> STEPS = List.of(
            "reuse",
            "download",
            "dicom",
            "completeness",
            "convert",
            "claim",
            "layout",
            "privacy",
            "outcome",
            "publish",
            "work");

    /** The methods of the way, in the order in which they are left. */
    private static final List<String> METHODS = List.of(
            "SeriesExport.create",
            "SeriesSource.download",
            "SeriesSource.fetch",
            "SeriesExport.publish",
            "SeriesExport.export");

    @Test
    void eachStepIsOneCallIntoOnePackageThatIsNotEnteredAgain() {
        // Given
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.datman.export");

        // When
        List<String> entered = new ArrayList<>();
        for (String method : METHODS) {
            entered.addAll(calls(classes, method));
        }

        // Then
        assertThat(entered).containsExactlyElementsOf(STEPS);
    }

    /** The steps that a method of the series package calls; what is asked of a result, a record or an exception, is no call of a step. */
    private static List<String> calls(JavaClasses classes, String method) {
        JavaClass owner = classes.get(ROOT + "series." + method.substring(0, method.indexOf('.')));
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
