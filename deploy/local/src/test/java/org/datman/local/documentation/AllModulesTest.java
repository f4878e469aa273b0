package org.datman.local.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.ReferencedClassObject;
import com.tngtech.archunit.core.domain.Source;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules for the code of all modules together. This module is built last, so all others are compiled. */
class AllModulesTest {

    private static final String NULL_MARKED = "org.jspecify.annotations.NullMarked";
    private static final String CONFIG_PROPERTY = "org.eclipse.microprofile.config.inject.ConfigProperty";
    private static final String EVENTS = "org.datman.contracts.event";
    private static final String EVENT_JSON = EVENTS + ".EventJson";

    /** Names that two modules have on purpose, with the reason. */
    private static final Map<String, String> TWINS = Map.of(
            "Grid",
                    "synthetic images are made without the code that measures them: a fault of one must not hide in the other",
            "Rigid", "as Grid",
            "Series", "as Grid");

    /** Module to its classes, but for those that an annotation processor wrote. */
    private static final Map<String, List<JavaClass>> MODULES = new TreeMap<>();

    @BeforeAll
    static void importClasses() throws Exception {
        Set<String> sources = Pages.ourFiles().stream()
                .filter(file -> file.toString().replace('\\', '/').contains("/src/main/java/"))
                .map(file -> file.getFileName().toString())
                .collect(Collectors.toSet());
        for (String module : Modules.declared(Pages.ROOT).keySet()) {
            Path compiled = Pages.ROOT.resolve(module).resolve("target/classes");
            MODULES.put(
                    module,
                    new ClassFileImporter()
                            .importPath(compiled).stream()
                                    .filter(one -> !one.getSimpleName().equals("package-info"))
                                    .filter(one -> one.getSource()
                                            .flatMap(Source::getFileName)
                                            .filter(sources::contains)
                                            .isPresent())
                                    .toList());
        }
        assertThat(MODULES.values()).isNotEmpty().noneMatch(List::isEmpty);
    }

    @Test
    void everyPackageIsNullMarked() {
        // When
        Set<String> unmarked = written()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(one -> one.tryGetPackageInfo()
                        .filter(info -> info.isAnnotatedWith(NULL_MARKED))
                        .isEmpty())
                .map(one -> one.getName())
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertThat(unmarked)
                .as(
                        "packages without @NullMarked. NullAway checks marked packages only: give the package a package-info.java with"
                                + " @NullMarked, and mend what NullAway then reports with @Nullable (org.jspecify) where null is right")
                .isEmpty();
    }

    @Test
    void anOptionalIsReturnedAndNotHandedOver() {
        // Given
        Set<String> json = readAsJson();

        // When
        Set<String> taking = written()
                .flatMap(one -> one.getCodeUnits().stream())
                .filter(unit -> !unit.getModifiers().contains(JavaModifier.SYNTHETIC))
                .filter(AllModulesTest::takesOptional)
                .filter(unit -> !json.contains(unit.getOwner().getName()) || !isCanonicalConstructor(unit))
                .map(JavaCodeUnit::getFullName)
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertThat(taking)
                .as(
                        "methods, constructors and records that take an Optional: it makes three cases of two (null, empty, there). Take a"
                                + " @Nullable value and return an Optional where a caller must decide, or split the method. Only records that"
                                + " EventJson reads have Optional components: it refuses a null, and each absent field must be read as one thing")
                .isEmpty();
    }

    @Test
    void aNameOfAClassIsThatOfOneModule() {
        // When
        Map<String, Set<String>> modules = new TreeMap<>();
        MODULES.forEach((module, classes) -> classes.stream()
                .filter(one -> !one.isNestedClass())
                .forEach(one -> modules.computeIfAbsent(one.getSimpleName(), name -> new TreeSet<>())
                        .add(module)));
        Map<String, Set<String>> twins = new TreeMap<>(modules);
        twins.values().removeIf(of -> of.size() < 2);

        // Then
        assertThat(twins.keySet())
                .as(
                        "simple names in two modules, %s. Whoever searches for one finds the other: name each after what it is of. If two"
                                + " must be alike, list the name in TWINS with the reason",
                        twins)
                .containsExactlyInAnyOrderElementsOf(TWINS.keySet());
    }

    /** MicroProfile Config hands a setting that may be absent over as an Optional and nothing else. */
    private static boolean takesOptional(JavaCodeUnit unit) {
        return unit.getParameters().stream()
                .filter(parameter -> !parameter.isAnnotatedWith(CONFIG_PROPERTY))
                .anyMatch(parameter -> parameter.getRawType().isEquivalentTo(Optional.class));
    }

    /** Events, records whose class object is in a class that calls EventJson (files of the archive), and the records within both. */
    private static Set<String> readAsJson() {
        Map<String, JavaClass> records =
                written().filter(JavaClass::isRecord).collect(Collectors.toMap(JavaClass::getName, record -> record));
        Deque<JavaClass> open = new ArrayDeque<>();
        written().filter(one -> one.getPackageName().equals(EVENTS)).forEach(open::add);
        written()
                .filter(one -> one.getMethodCallsFromSelf().stream()
                        .anyMatch(call -> call.getTargetOwner().getName().equals(EVENT_JSON)))
                .flatMap(one -> one.getReferencedClassObjects().stream())
                .map(ReferencedClassObject::getRawType)
                .forEach(open::add);
        Set<String> read = new TreeSet<>();
        while (!open.isEmpty()) {
            JavaClass one = records.get(open.pop().getName());
            if (one != null && read.add(one.getName())) {
                components(one)
                        .flatMap(component -> component.getAllInvolvedRawTypes().stream())
                        .forEach(open::add);
            }
        }
        return read;
    }

    private static Stream<JavaField> components(JavaClass record) {
        return record.getFields().stream().filter(field -> !field.getModifiers().contains(JavaModifier.STATIC));
    }

    private static boolean isCanonicalConstructor(JavaCodeUnit unit) {
        // ArchUnit gives fields in no order.
        List<String> components = components(unit.getOwner())
                .map(JavaField::getRawType)
                .map(JavaClass::getName)
                .sorted()
                .toList();
        return unit instanceof JavaConstructor
                && unit.getRawParameterTypes().stream()
                        .map(JavaClass::getName)
                        .sorted()
                        .toList()
                        .equals(components);
    }

    private static Stream<JavaClass> written() {
        return MODULES.values().stream().flatMap(List::stream);
    }
}
