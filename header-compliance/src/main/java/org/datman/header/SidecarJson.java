package org.datman.header;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lenient reader for sidecars. dcm2niix prints C's {@code nan} and {@code inf}, which are not JSON, and has let text in
 * Latin-1 through; both are read, and reported as faults of the file.
 *
 * @param root the object; an invalid number is null in it
 * @param faults what is wrong with the file, for people
 */
public record SidecarJson(JsonNode root, List<String> faults) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A string, which is left unchanged, or a literal for an invalid number. */
    private static final Pattern STRING_OR_NO_NUMBER =
            Pattern.compile("\"(?:\\\\.|[^\"\\\\])*+\"|[-+]?\\b(?i:nan|inf|infinity)\\b");

    public SidecarJson {
        faults = List.copyOf(faults);
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read, or is no JSON object for other reasons than those above
     */
    public static SidecarJson read(Path file) throws IOException {
        List<String> faults = new ArrayList<>();
        String text = withoutNoNumbers(decoded(Files.readAllBytes(file), faults), faults);
        JsonNode root = JSON.readTree(text);
        if (root == null || !root.isObject()) {
            throw new IOException(file.getFileName() + " is no sidecar: it holds no JSON object");
        }
        return new SidecarJson(root, faults);
    }

    private static String decoded(byte[] bytes, List<String> faults) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            faults.add("it holds bytes that are not UTF-8; they were read as Latin-1");
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static String withoutNoNumbers(String text, List<String> faults) {
        Matcher found = STRING_OR_NO_NUMBER.matcher(text);
        StringBuilder out = new StringBuilder(text.length());
        int replaced = 0;
        while (found.find()) {
            boolean string = found.group().startsWith("\"");
            found.appendReplacement(out, string ? Matcher.quoteReplacement(found.group()) : "null");
            replaced += string ? 0 : 1;
        }
        found.appendTail(out);
        if (replaced > 0) {
            faults.add("it holds " + replaced
                    + (replaced == 1 ? " number that is" : " numbers that are")
                    + " NaN or infinite, which JSON does not know; taken as absent");
        }
        return out.toString();
    }
}
