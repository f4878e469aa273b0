package org.datman.pipeline.container;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.datman.contracts.event.EventJson;

/**
 * Checks signatures with {@code cosign}, by a public key alone: whether a signature is in a public log is not asked for, so that an image
 * that a lab has signed itself can be checked without the Internet.
 *
 * <p>Options: https://github.com/sigstore/cosign/blob/main/doc/cosign_verify.md,
 * https://github.com/sigstore/cosign/blob/main/doc/cosign_verify-blob.md
 */
final class Cosign {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LONGEST_WORDS = 300;
    /** Words of a registry that cannot be reached, which says nothing about a signature. */
    private static final List<String> PASSING = List.of(
            "connection refused",
            "connection reset",
            "no such host",
            "i/o timeout",
            "TLS handshake timeout",
            "deadline exceeded",
            "503 Service Unavailable");

    private final String program;

    /** @param program {@code cosign}, or its path */
    Cosign(String program) {
        this.program = program;
    }

    /** Signed by the owner of the key, or not, with the words of cosign. */
    record Verdict(boolean signed, String words) {}

    /**
     * The signature of an image, in its registry or in a folder that {@code cosign save} wrote.
     *
     * @param saved that folder; it need not be there
     * @throws IOException when it cannot be told now: the registry does not answer
     * @throws MissingException when cosign is not installed
     */
    Verdict image(Path key, PinnedImage image, Path saved) throws IOException, InterruptedException, MissingException {
        List<String> line = new ArrayList<>(List.of(program, "verify", "--key=" + key, "--insecure-ignore-tlog=true"));
        if (Files.isDirectory(saved)) {
            line.add("--local-image");
            line.add(saved.toString());
        } else {
            line.add(image.text());
        }
        Answer answer = run(line);
        if (answer.exitCode() != 0) {
            return refused(answer);
        }
        return isOf(answer.out(), image.digest())
                ? new Verdict(true, "")
                : new Verdict(false, "the signed image is another than " + image.digest());
    }

    /** The signature of a file, in the file beside it that {@code cosign sign-blob --output-signature} wrote. */
    Verdict file(Path key, Path file) throws IOException, InterruptedException, MissingException {
        Path signature = file.resolveSibling(file.getFileName() + ".sig");
        if (!Files.exists(signature)) {
            return new Verdict(false, signature + " is missing");
        }
        Answer answer = run(List.of(
                program,
                "verify-blob",
                "--key=" + key,
                "--insecure-ignore-tlog=true",
                "--signature=" + signature,
                file.toString()));
        return answer.exitCode() == 0 ? new Verdict(true, "") : refused(answer);
    }

    private static Verdict refused(Answer answer) throws IOException {
        String words = answer.words();
        if (PASSING.stream().anyMatch(words::contains)) {
            throw new IOException("The registry of a signature does not answer: " + words);
        }
        return new Verdict(false, words);
    }

    /** Whether what cosign says it verified is of that digest. */
    static boolean isOf(String json, String digest) {
        try {
            for (JsonNode each : EventJson.mapper().readTree(json)) {
                if (each.at("/critical/image/docker-manifest-digest").asText().equals(digest)) {
                    return true;
                }
            }
            return false;
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** It is not installed. */
    static final class MissingException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private record Answer(int exitCode, String out, String err) {

        String words() {
            String words = err.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("WARNING"))
                    .distinct()
                    .collect(Collectors.joining(" / "));
            return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS) + "…";
        }
    }

    private static Answer run(List<String> line) throws IOException, InterruptedException, MissingException {
        Path out = Files.createTempFile("datman-cosign-", ".out");
        Path err = Files.createTempFile("datman-cosign-", ".err");
        try {
            Process process;
            try {
                process = new ProcessBuilder(line)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
            } catch (IOException notThere) {
                throw new MissingException();
            }
            try {
                process.getOutputStream().close();
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IOException("cosign did not answer within " + PATIENCE.toSeconds() + " s");
                }
            } finally {
                process.destroyForcibly();
            }
            return new Answer(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }
}
