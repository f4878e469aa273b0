package org.datman.platform.testkit;

import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Allowed dependencies between modules, and forbidden constructs. Each rule states its reason and how to fix a violation.
 *
 * <p>A module root is the first package below {@code org.datman}: one per module.
 */
public final class ArchitectureRules {

    private static final String ROOT = "org.datman.";

    private static final Set<String> FOR_SERVICES = Set.of("contracts", "imaging", "platform", "xnat");

    /** The modules of quality control, without its command line. */
    private static final Set<String> MEASURING = Set.of("analysis", "header", "plots", "metrics");

    /** Module root to the module roots that it may use besides itself. */
    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("contracts", Set.of()),
            Map.entry("imaging", Set.of()),
            Map.entry("bids", Set.of()),
            Map.entry("xnat", Set.of("contracts")),
            Map.entry("synthetic", Set.of()),
            Map.entry("analysis", Set.of()),
            Map.entry("header", Set.of("contracts", "imaging")),
            Map.entry("plots", Set.of("contracts", "analysis")),
            Map.entry("metrics", Set.of("contracts", "imaging", "analysis", "header", "plots")),
            Map.entry("cli", and(MEASURING, "contracts", "imaging", "synthetic")),
            Map.entry("embedded", Set.of("contracts")),
            Map.entry("kubernetes", Set.of("contracts")),
            Map.entry("platform", Set.of("contracts")),
            Map.entry("ingest", FOR_SERVICES),
            Map.entry("tagging", FOR_SERVICES),
            Map.entry("export", FOR_SERVICES),
            Map.entry("qc", and(FOR_SERVICES, MEASURING.toArray(String[]::new))),
            Map.entry("pipeline", and(FOR_SERVICES, "bids")),
            // The charts of the dashboard are those that raise the alarms of qc.
            Map.entry("dashboard", and(FOR_SERVICES, "metrics")));

    private static final ArchRule KNOWS_ONLY_ITS_OWN = classes()
            .should(knowOnlyWhatTheirRoomMay())
            .because(
                    "dependencies point one way, and services talk through topics only. Move what two need to contracts (if it "
                            + "is published), to platform (if it runs in services) or to imaging; or publish it as an event");

    private static final ArchRule TIME_COMES_FROM_A_CLOCK = noClasses()
            .should()
            .accessTargetWhere(are(readingTheTimeWithoutAClock()))
            .because("a test must be able to choose the time. Take a java.time.Clock in the constructor and call "
                    + "clock.instant() or LocalDate.now(clock)");

    private static final ArchRule CHANCE_HAS_A_SEED = noClasses()
            .should()
            .accessTargetWhere(are(drawingWithoutASeed()))
            .because(
                    "the same input must produce the same result. Create the Random with a seed that follows from the input; for "
                            + "secrets take java.security.SecureRandom");

    private static final ArchRule TEXT_HAS_A_LOCALE = noClasses()
            .should()
            .accessTargetWhere(are(changingCaseWithoutALocale()))
            .because("in a Turkish locale \"TITLE\".toLowerCase() is not \"title\". Pass Locale.ROOT");

    private static final ArchRule SERVICES_LOG = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.because(
            "output of a service belongs in its log, where it has a level, a session and a trace. Take "
                    + "org.jboss.logging.Logger");

    private static final ArchRule ENTITIES_STAY_AT_HOME = classes()
            .that()
            .areAnnotatedWith("jakarta.persistence.Entity")
            .should(bePackagePrivateOrStayInTheirPackage())
            .allowEmptyShould(true)
            .because(
                    "an entity is how one feature stores its facts, and changes with its table. Make it package-private and hand a "
                            + "record to other packages");

    private static final ArchRule HANDLERS_BLOCK = methods()
            .that()
            .areAnnotatedWith("org.eclipse.microprofile.reactive.messaging.Incoming")
            .should()
            .beAnnotatedWith("io.smallrye.reactive.messaging.annotations.Blocking")
            .orShould()
            .beAnnotatedWith("io.smallrye.common.annotation.Blocking")
            .allowEmptyShould(true)
            .because(
                    "a handler waits for databases, files and other programs, and would stop the event loop and with it every "
                            + "channel. Add @Blocking beside @Incoming");

    private static final ArchRule PACKAGES_HAVE_NO_CYCLES = SlicesRuleDefinition.slices()
            .matching("org.datman.(**)")
            .should()
            .beFreeOfCycles()
            .because(
                    "packages that import each other in a circle can only be understood and changed together. Move the class "
                            + "that closes the circle to the package that uses it, or to one that both may import");

    /** Quarkus hands every log line to the filter in {@code platform.log} as the JDK's. */
    private static final ArchRule ONE_WAY_TO_LOG = noClasses()
            .that()
            .resideOutsideOfPackage("org.datman.platform.log")
            .should()
            .accessClassesThat(are(anotherLogger()))
            .because("a log is searched by key=value, in one format. Take org.jboss.logging.Logger in services and "
                    + "org.slf4j.Logger in libraries and commands");

    private static final List<ArchRule> FOR_LIBRARIES = List.of(
            PACKAGES_HAVE_NO_CYCLES,
            KNOWS_ONLY_ITS_OWN,
            TIME_COMES_FROM_A_CLOCK,
            CHANCE_HAS_A_SEED,
            TEXT_HAS_A_LOCALE,
            ONE_WAY_TO_LOG);

    private static final List<ArchRule> FOR_RUNNING = List.of(SERVICES_LOG, ENTITIES_STAY_AT_HOME, HANDLERS_BLOCK);

    private ArchitectureRules() {}

    /** The violations of the service in that package ({@code org.datman.ingest}); empty when there are none. */
    public static List<String> breaches(String servicePackage) {
        JavaClasses service = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(servicePackage);
        return breaches(service, Stream.concat(FOR_LIBRARIES.stream(), FOR_RUNNING.stream()));
    }

    /** The violations of a library, by the folder of its compiled classes; empty when there are none. */
    public static List<String> libraryBreaches(Path compiled) {
        return breaches(new ClassFileImporter().importPath(compiled), FOR_LIBRARIES.stream());
    }

    /** The cycles of packages in a module, by the folder of its compiled classes; empty when there are none. */
    public static List<String> cycles(Path compiled) {
        return breaches(new ClassFileImporter().importPath(compiled), Stream.of(PACKAGES_HAVE_NO_CYCLES));
    }

    /** The violations of those classes by all rules; for tests of the rules themselves. */
    static List<String> breaches(Class<?>... guilty) {
        return breaches(
                new ClassFileImporter().importClasses(guilty),
                Stream.concat(FOR_LIBRARIES.stream(), FOR_RUNNING.stream()));
    }

    private static List<String> breaches(JavaClasses examined, Stream<ArchRule> rules) {
        if (examined.isEmpty()) {
            return List.of("There is no class to examine: is the package's name right, and is the module compiled?");
        }
        return rules.map(rule -> rule.evaluate(examined))
                .filter(result -> result.hasViolation())
                .map(result -> result.getFailureReport().toString())
                .toList();
    }

    private static ArchCondition<JavaClass> knowOnlyWhatTheirRoomMay() {
        return new ArchCondition<>("use only the modules that their own may use") {
            @Override
            public void check(JavaClass examined, ConditionEvents events) {
                String own = room(examined);
                Set<String> allowed = MAY_KNOW.getOrDefault(own, Set.of());
                examined.getDirectDependenciesFromSelf().stream()
                        .filter(dependency -> {
                            String other = room(dependency.getTargetClass());
                            return !other.isEmpty() && !other.equals(own) && !allowed.contains(other);
                        })
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(examined, dependency.getDescription())));
            }
        };
    }

    private static Set<String> and(Set<String> some, String... more) {
        return Stream.concat(some.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
    }

    private static String room(JavaClass examined) {
        String name = examined.getBaseComponentType().getPackageName() + ".";
        return name.startsWith(ROOT) ? name.substring(ROOT.length(), name.indexOf('.', ROOT.length())) : "";
    }

    private static DescribedPredicate<JavaClass> anotherLogger() {
        return DescribedPredicate.describe("loggers of the JDK or of Quarkus", logger -> Set.of(
                        "java.util.logging.Logger", "java.lang.System$Logger", "io.quarkus.logging.Log")
                .contains(logger.getName()));
    }

    private static DescribedPredicate<JavaAccess<?>> readingTheTimeWithoutAClock() {
        return DescribedPredicate.describe("reading the time without a clock", access -> {
            String owner = access.getTargetOwner().getName();
            boolean now = owner.startsWith("java.time.")
                    && !owner.equals("java.time.Clock")
                    && access.getName().equals("now")
                    && access.getTarget().getFullName().endsWith("now()");
            boolean zoned = access.getTarget().getFullName().endsWith("now(java.time.ZoneId)");
            boolean millis =
                    owner.equals("java.lang.System") && access.getName().equals("currentTimeMillis");
            boolean date = access.getTarget().getFullName().equals("java.util.Date.<init>()");
            return now || zoned || millis || date;
        });
    }

    private static DescribedPredicate<JavaAccess<?>> drawingWithoutASeed() {
        return DescribedPredicate.describe("drawing chance without a seed", access -> {
            String target = access.getTarget().getFullName();
            return target.equals("java.util.Random.<init>()")
                    || target.equals("java.util.SplittableRandom.<init>()")
                    || target.equals("java.lang.Math.random()");
        });
    }

    private static DescribedPredicate<JavaAccess<?>> changingCaseWithoutALocale() {
        return DescribedPredicate.describe("changing the case of a text without a locale", access -> {
            String target = access.getTarget().getFullName();
            return target.equals("java.lang.String.toLowerCase()") || target.equals("java.lang.String.toUpperCase()");
        });
    }

    private static ArchCondition<JavaClass> bePackagePrivateOrStayInTheirPackage() {
        return new ArchCondition<>("be package-private or be used in their own package only") {
            @Override
            public void check(JavaClass entity, ConditionEvents events) {
                if (!entity.getModifiers().contains(JavaModifier.PUBLIC)) {
                    return;
                }
                entity.getDirectDependenciesToSelf().stream()
                        .filter(dependency ->
                                !dependency.getOriginClass().getPackage().equals(entity.getPackage()))
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(entity, dependency.getDescription())));
            }
        };
    }
}
