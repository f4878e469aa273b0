package org.datman.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No event has room for a person's data, by the names of its fields. */
class NobodysDataTest {

    /** Whole words of a camel-case name. Login names of staff are allowed: reviewer, requestedBy, setBy. */
    private static final Pattern SUSPICIOUS = Pattern.compile("(?i)(patient|birth|dob|operator|physician|comment|note|"
            + "remark|freetext|gender|sex|weight|height|address|phone|email|surname|(first|last|given|family|full)name|"
            + "age|ethnic|religio|occupation|pregnan|allerg|history|insurance|mrn)");

    @Test
    void noFieldOfAnEventSuggestsAPersonsData() {
        // Given
        JavaClasses records = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackagesOf(Event.class);

        // When
        List<String> suspects = records.stream()
                .filter(type -> type.isAssignableTo(Record.class))
                .flatMap(type -> type.getFields().stream())
                .filter(field -> isSuspicious(field.getName()))
                .map(JavaField::getFullName)
                .sorted()
                .toList();

        // Then
        assertThat(suspects)
                .as("An event is kept for ever and read by many: keep a person's data in the service that needs it, "
                        + "and send an id. A comment on a review stays in the dashboard.")
                .isEmpty();
    }

    @Test
    void theRuleKnowsAPersonsDataWhenItSeesIt() {
        // Given
        List<String> bad = List.of(
                "patientName",
                "birthDate",
                "comment",
                "reviewComment",
                "operatorsName",
                "age",
                "patientSex",
                "referringPhysician",
                "firstName");
        List<String> good = List.of("stage", "message", "imageType", "sessionName", "firstSeen", "pages", "reviewer");

        // When
        List<String> suspects = Stream.concat(bad.stream(), good.stream())
                .filter(NobodysDataTest::isSuspicious)
                .toList();

        // Then
        assertThat(suspects).containsExactlyElementsOf(bad);
    }

    private static boolean isSuspicious(String name) {
        if (name.equalsIgnoreCase("age")
                || name.endsWith("Age")
                || name.startsWith("age") && name.length() > 3 && Character.isUpperCase(name.charAt(3))) {
            return true;
        }
        return SUSPICIOUS.matcher(name.replaceAll("(?i)age", "")).find();
    }
}
