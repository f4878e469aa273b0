package org.datman.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** axe-core as npm has it (pinned in src/test/frontend), run in the page that a browser shows. */
final class Axe {

    private static final Path PINNED = Path.of("src/test/frontend");
    private static final Path FETCHED = Path.of("target/axe");
    private static final long PATIENCE_SECONDS = 120;

    private final String source;

    private Axe(String source) {
        this.source = source;
    }

    /** axe-core; empty when npm cannot fetch it here. */
    static Optional<Axe> fetch() throws IOException, InterruptedException {
        Path script = FETCHED.resolve("node_modules/axe-core/axe.min.js");
        Path lock = FETCHED.resolve("package-lock.json");
        boolean there = Files.exists(script)
                && Files.exists(lock)
                && Files.mismatch(lock, PINNED.resolve("package-lock.json")) < 0;
        if (!there) {
            Files.createDirectories(FETCHED);
            for (String name : List.of("package.json", "package-lock.json")) {
                Files.copy(PINNED.resolve(name), FETCHED.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
            Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                    .directory(FETCHED.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(FETCHED.resolve("npm.log").toFile())
                    .start();
            if (!npm.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || npm.exitValue() != 0) {
                npm.destroy();
                return Optional.empty();
            }
        }
        return Optional.of(new Axe(Files.readString(script)));
    }

    /** The violations once a piece of HTML is added to the page. */
    List<String> violations(Browser browser, String where, String planted) {
        browser.evaluate("document.body.insertAdjacentHTML('beforeend', '" + planted + "')");
        return violations(browser, where);
    }

    /** The serious and critical violations of the page, each with the first elements that it is about. */
    List<String> violations(Browser browser, String where) {
        browser.evaluate(source + "; 'loaded'");
        JsonNode result = read(browser.resolve("axe.run(document, {resultTypes: ['violations'], rules: {'target-size':"
                + " {enabled: true}}}).then(r => JSON.stringify(r.violations))"));
        List<String> found = new ArrayList<>();
        for (JsonNode violation : result) {
            if (List.of("serious", "critical").contains(violation.path("impact").asText())) {
                StringBuilder text = new StringBuilder(where)
                        .append(": ")
                        .append(violation.path("id").asText())
                        .append(" (")
                        .append(violation.path("nodes").size())
                        .append("): ")
                        .append(violation.path("help").asText());
                for (int i = 0; i < Math.min(3, violation.path("nodes").size()); i++) {
                    JsonNode node = violation.path("nodes").get(i);
                    text.append("\n    ")
                            .append(node.path("target"))
                            .append(' ')
                            .append(node.path("failureSummary").asText().replaceAll("\\s+", " "));
                }
                found.add(text.toString());
            }
        }
        return found;
    }

    private static JsonNode read(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("axe always answers with JSON", e);
        }
    }
}
