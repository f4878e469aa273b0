package org.datman.imaging.dicom;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares what {@link DicomReader} reads with what DCMTK's {@code dcmdump} prints: tag, VR, length and value, at every depth. */
final class DcmdumpOracle {

    private static final Pattern FILE = Pattern.compile("# dcmdump \\(\\d+/\\d+\\): (.*)");
    private static final Pattern ELEMENT =
            Pattern.compile("( *)\\(([0-9a-f]{4}),([0-9a-f]{4})\\) (\\S\\S) (.*?) *# +(\\d+|u/l), *\\d+ .*");
    private static final Pattern MARKUP = Pattern.compile("&#(\\d+);|&(lt|gt|amp|quot|apos);");
    private static final int FILES_PER_RUN = 200;
    private static final int MOST_REPORTED = 30;

    /** Number of compared values; {@code mismatches} holds the first few as text. */
    record Result(int files, long elements, long notKept, long mismatchCount, List<String> mismatches) {}

    private int files;
    private long elements;
    private long notKept;
    private long mismatchCount;
    private final List<String> mismatches = new ArrayList<>();

    static boolean available() {
        try {
            return new ProcessBuilder("dcmdump", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static Result compare(List<Path> paths) throws IOException {
        DcmdumpOracle oracle = new DcmdumpOracle();
        for (int from = 0; from < paths.size(); from += FILES_PER_RUN) {
            oracle.run(paths.subList(from, Math.min(paths.size(), from + FILES_PER_RUN)));
        }
        return new Result(oracle.files, oracle.elements, oracle.notKept, oracle.mismatchCount, oracle.mismatches);
    }

    private void run(List<Path> paths) throws IOException {
        // File header, whole values, control characters quoted, UIDs as they are, nothing from the pixel data on.
        List<String> command = new ArrayList<>(List.of("dcmdump", "-q", "+F", "+L", "+Qn", "-Un", "+sb", "7fe0,0010"));
        paths.forEach(path -> command.add(path.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.to(new File("/dev/null")))
                .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.ISO_8859_1)) {
            Path current = null;
            Deque<Ours> ours = new ArrayDeque<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher file = FILE.matcher(line);
                if (file.matches()) {
                    finish(current, ours);
                    current = Path.of(file.group(1));
                    ours = flatten(current);
                    files++;
                } else {
                    compareLine(current, line, ours);
                }
            }
            finish(current, ours);
        }
    }

    private void finish(Path file, Deque<Ours> rest) {
        if (!rest.isEmpty()) {
            mismatch(file, "dcmdump has no " + rest.peek());
        }
    }

    /** One line of ours: an element, or the beginning of an item ({@code element == null}). */
    private record Ours(int depth, DicomElement element, boolean implicitVr) {

        @Override
        public String toString() {
            return element == null ? "item at depth " + depth : element + " at depth " + depth;
        }
    }

    private Deque<Ours> flatten(Path file) {
        Deque<Ours> all = new ArrayDeque<>();
        try {
            DicomHeader header = DicomReader.read(file);
            flatten(header.fileMeta(), 0, all, false);
            flatten(header.dataset(), 0, all, !header.transferSyntax().explicitVr());
            all.removeIf(o -> o.depth == 0 && o.element != null && o.element.tag() == Tag.PIXEL_DATA);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
        return all;
    }

    private static void flatten(DicomDataset dataset, int depth, Deque<Ours> all, boolean implicitVr) {
        for (DicomElement element : dataset) {
            all.add(new Ours(depth, element, implicitVr));
            boolean hidden = element.vr() == Vr.UN && element.bytes().isPresent();
            for (DicomDataset item : hidden ? List.<DicomDataset>of() : element.items()) {
                all.add(new Ours(depth + 1, null, implicitVr));
                flatten(item, depth + 2, all, implicitVr);
            }
        }
    }

    private void compareLine(Path file, String line, Deque<Ours> ours) {
        Matcher theirs = ELEMENT.matcher(line);
        if (!theirs.matches()) {
            if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
                mismatch(file, "dcmdump line not understood: " + line.substring(0, Math.min(80, line.length())));
            }
            return;
        }
        int tag = Tag.of(Integer.parseInt(theirs.group(2), 16), Integer.parseInt(theirs.group(3), 16));
        if (tag == Tag.ITEM_DELIMITATION || tag == Tag.SEQUENCE_DELIMITATION) {
            return;
        }
        Ours mine = ours.poll();
        if (tag == Tag.ITEM) {
            if (mine == null || mine.element != null) {
                mismatch(file, "dcmdump has an item where we have " + mine);
            }
            return;
        }
        elements++;
        int depth = theirs.group(1).length() / 2;
        if (mine == null || mine.element == null || mine.element.tag() != tag || mine.depth != depth) {
            mismatch(file, "dcmdump has " + Tag.format(tag) + " at depth " + depth + ", we have " + mine);
            return;
        }
        compareElement(file, mine, theirs.group(4).replace("up", "UL"), theirs.group(5), theirs.group(6));
    }

    private void compareElement(Path file, Ours mine, String vr, String value, String length) {
        DicomElement element = mine.element;
        String ourLength = element.length() == DicomElement.UNDEFINED_LENGTH ? "u/l" : Long.toString(element.length());
        if (!ourLength.equals(length)) {
            mismatch(file, element + ": dcmdump has length " + length);
        }
        boolean theirPrivateDictionary = mine.implicitVr && element.vr() == Vr.UN;
        if (theirPrivateDictionary) {
            return;
        }
        if (!element.vr().name().equals(vr)) {
            mismatch(file, element + ": dcmdump has VR " + vr);
            return;
        }
        if (element.vr() == Vr.SQ || element.length() == 0 || element.length() == DicomElement.UNDEFINED_LENGTH) {
            return;
        }
        if (!element.isKept()) {
            notKept++;
        } else if (!sameValue(element, value)) {
            mismatch(file, element + ": another value");
        }
    }

    private static boolean sameValue(DicomElement element, String theirs) {
        byte[] bytes = element.bytes().orElseThrow();
        if (element.vr().isText()) {
            String text = theirs.startsWith("[") && theirs.endsWith("]")
                    ? theirs.substring(1, theirs.length() - 1)
                    : theirs.replace("(no value available)", "");
            return unpadded(new String(bytes, StandardCharsets.ISO_8859_1)).equals(unpadded(unquoted(text)));
        }
        ByteBuffer in = ByteBuffer.wrap(element.littleEndianValue()).order(ByteOrder.LITTLE_ENDIAN);
        String[] words = theirs.split("\\\\");
        int width = element.vr() == Vr.AT ? 4 : element.vr().wordBytes();
        if (words.length != bytes.length / width) {
            return false;
        }
        for (String word : words) {
            if (!sameWord(element.vr(), in, word)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameWord(Vr vr, ByteBuffer in, String word) {
        return switch (vr) {
            case OB, UN -> (in.get() & 0xff) == Integer.parseInt(word, 16);
            case OW -> (in.getShort() & 0xffff) == Integer.parseInt(word, 16);
            case AT -> Tag.format(Tag.of(in.getShort() & 0xffff, in.getShort())).equalsIgnoreCase(word);
            case US -> (in.getShort() & 0xffff) == Integer.parseInt(word);
            case SS -> in.getShort() == Integer.parseInt(word);
            case UL -> (in.getInt() & 0xffffffffL) == Long.parseLong(word.replace("$", ""));
            case SL -> in.getInt() == Integer.parseInt(word);
            case FL, OF -> sameNumber(in.getFloat(), Float.parseFloat(number(word)));
            case FD, OD -> sameNumber(in.getDouble(), Double.parseDouble(number(word)));
            default -> in.getLong() == Long.parseLong(word);
        };
    }

    /** dcmdump prints a negative zero without its sign, and its last digit is not always the nearest: a few ulps are allowed. */
    private static boolean sameNumber(double ours, double theirs) {
        return Math.abs(ours - theirs) <= 8 * Math.ulp(ours) || Double.isNaN(ours) && Double.isNaN(theirs);
    }

    private static String number(String word) {
        return word.replace("nan", "NaN").replace("inf", "Infinity");
    }

    private static String unquoted(String text) {
        return MARKUP.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        match.group(1) != null
                                ? String.valueOf((char) Integer.parseInt(match.group(1)))
                                : switch (match.group(2)) {
                                    case "lt" -> "<";
                                    case "gt" -> ">";
                                    case "amp" -> "&";
                                    case "quot" -> "\"";
                                    default -> "'";
                                }));
    }

    private static String unpadded(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == 0)) {
            end--;
        }
        return text.substring(0, end);
    }

    private void mismatch(Path file, String what) {
        mismatchCount++;
        if (mismatches.size() < MOST_REPORTED) {
            mismatches.add(file + ": " + what);
        }
    }
}
