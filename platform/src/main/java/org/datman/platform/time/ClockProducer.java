package org.datman.platform.time;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The only source of time; tests replace it. */
@Singleton
class ClockProducer {

    /** @param error a file with the seconds by which the clock is wrong, for tests of a whole system only; empty for a right clock */
    @Produces
    @Singleton
    @DefaultBean
    Clock clock(@ConfigProperty(name = "datman.clock.error-file") Optional<Path> error) {
        Clock right = Clock.systemUTC();
        return error.<Clock>map(file -> new WrongClock(right, file)).orElse(right);
    }
}
