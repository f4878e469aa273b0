package org.datman.platform.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.inject.Vetoed;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.datman.embedded.EmbeddedKafka;
import org.datman.platform.testkit.cycle.first.First;
import org.datman.platform.testkit.cycle.second.Second;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.junit.jupiter.api.Test;

/** The rules detect violations, and platform complies; {@code ModuleRulesTest} (deploy/local) applies them to the libraries. */
class ArchitectureRulesTest {

    @Test
    void platformKeepsTheRules() {
        // Given
        String platform = "org.datman.platform";

        // When
        List<String> breaches = ArchitectureRules.breaches(platform);

        // Then
        assertThat(breaches).isEmpty();
    }

    @Test
    void eachBreachIsFoundAndStatesHowToMendIt() {
        // Given
        Class<?> guilty = Guilty.class;

        // When
        List<String> breaches = ArchitectureRules.breaches(guilty);

        // Then
        assertThat(breaches)
                .hasSize(7)
                .anySatisfy(breach -> assertThat(breach).contains("EmbeddedKafka", "or publish it as an event"))
                .anySatisfy(breach -> assertThat(breach)
                        .contains(
                                "Instant.now()",
                                "LocalDate.now(java.time.ZoneId)",
                                "currentTimeMillis",
                                "clock.instant()"))
                .anySatisfy(breach -> assertThat(breach).contains("Random.<init>()", "with a seed"))
                .anySatisfy(breach -> assertThat(breach).contains("toUpperCase()", "Locale.ROOT"))
                .anySatisfy(breach -> assertThat(breach).contains("java.lang.System.out", "belongs in its log"))
                .anySatisfy(breach -> assertThat(breach).contains("System$Logger", "org.slf4j.Logger"))
                .anySatisfy(breach -> assertThat(breach).contains("handlesOnTheEventLoop", "Add @Blocking"));
    }

    @Test
    void packagesThatImportEachOtherAreABreach() {
        // Given
        Class<?>[] cycle = {First.class, Second.class};

        // When
        List<String> breaches = ArchitectureRules.breaches(cycle);

        // Then
        assertThat(breaches).singleElement().asString().contains("cycle.first", "cycle.second", "Move the class");
    }

    @Test
    void whatIsRightIsNoBreach() {
        // Given
        Class<?> innocent = Innocent.class;

        // When
        List<String> breaches = ArchitectureRules.breaches(innocent);

        // Then
        assertThat(breaches).isEmpty();
    }

    @Test
    void aPackageWithoutClassesIsABreach() {
        // Given
        String misspelt = "org.datman.ingets";

        // When
        List<String> breaches = ArchitectureRules.breaches(misspelt);

        // Then
        assertThat(breaches).singleElement().asString().contains("no class to examine");
    }

    /** Vetoed: Quarkus would make a bean of it, and a channel of {@code x}. */
    @Vetoed
    @SuppressWarnings({"StringCaseLocaleUsage", "unused"})
    private static final class Guilty {
        private EmbeddedKafka another;

        Object breaksAll() {
            System.out.println("I".toUpperCase());
            System.getLogger("x").log(System.Logger.Level.INFO, "x");
            return List.of(
                    Instant.now(), LocalDate.now(ZoneId.of("UTC")), System.currentTimeMillis(), new Random().nextInt());
        }

        @Incoming("x")
        void handlesOnTheEventLoop(byte[] payload) {}
    }

    @Vetoed
    @SuppressWarnings("unused")
    private static final class Innocent {
        Object keepsAll(Clock clock) {
            return List.of(
                    clock.instant(),
                    LocalDate.now(clock),
                    Instant.now(clock),
                    new Random(7).nextInt(),
                    "I".toUpperCase(Locale.ROOT),
                    System.nanoTime());
        }

        @Incoming("x")
        @Blocking
        void handles(byte[] payload) {}
    }
}
