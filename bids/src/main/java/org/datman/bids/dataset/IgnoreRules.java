package org.datman.bids.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** Patterns as in a {@code .gitignore} file, without regard to case. The last one that matches decides; what is in an ignored folder stays so. */
public final class IgnoreRules {

    /** Folders that no rule is about although they are read: rules ask which stimuli there are. */
    private static final List<String> ALWAYS = List.of("stimuli", "log", "doc");

    private record Line(Pattern pattern, boolean folderOnly, boolean ignores) {}

    private final List<Line> lines = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();

    /** @param text of the dataset's {@code .bidsignore}; empty if it has none */
    public IgnoreRules(String text) {
        Stream.concat(FolderReader.NOT_ENTERED.stream(), ALWAYS.stream()).forEach(name -> add("/" + name + "/"));
        text.lines().forEach(this::add);
    }

    /** Lines that are no pattern, as they stand; they ignore nothing. */
    public List<String> leftOut() {
        return List.copyOf(leftOut);
    }

    /** Whether the file or folder at a path ({@code /sub-01/x}) is ignored. A path of a folder may end with a slash. */
    public boolean ignores(String path) {
        String relative = path.substring(1);
        for (int slash = relative.indexOf('/'); slash >= 0; slash = relative.indexOf('/', slash + 1)) {
            if (slash < relative.length() - 1 && matches(relative.substring(0, slash), true)) {
                return true;
            }
        }
        return relative.endsWith("/")
                ? matches(relative.substring(0, relative.length() - 1), true)
                : matches(relative, false);
    }

    private boolean matches(String path, boolean folder) {
        boolean ignored = false;
        for (Line line : lines) {
            if ((folder || !line.folderOnly()) && line.pattern().matcher(path).matches()) {
                ignored = line.ignores();
            }
        }
        return ignored;
    }

    private void add(String text) {
        String line = text.endsWith("\\ ") ? text : text.stripTrailing();
        boolean negated = line.startsWith("!");
        if (negated) {
            line = line.substring(1);
        }
        if (line.isEmpty() || text.startsWith("#")) {
            return;
        }
        boolean folderOnly = line.endsWith("/");
        if (folderOnly) {
            line = line.substring(0, line.length() - 1);
        }
        boolean anchored = line.contains("/");
        if (line.startsWith("/")) {
            line = line.substring(1);
        }
        if (!line.isEmpty()) {
            try {
                lines.add(new Line(pattern(line, anchored), folderOnly, !negated));
            } catch (PatternSyntaxException noPattern) {
                leftOut.add(text);
            }
        }
    }

    private static Pattern pattern(String glob, boolean anchored) {
        StringBuilder regex = new StringBuilder(anchored ? "" : "(?:.*/)?");
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '*') {
                boolean atStart = i == 0 || glob.charAt(i - 1) == '/';
                if (atStart && glob.startsWith("**/", i)) {
                    regex.append("(?:.*/)?");
                    i += 2;
                } else if (atStart && glob.startsWith("**", i) && i + 2 == glob.length()) {
                    regex.append(".+");
                    i++;
                } else {
                    // Alone at the end of a path it stands for at least one character.
                    regex.append(atStart && i == glob.length() - 1 ? "[^/]+" : "[^/]*");
                    while (i + 1 < glob.length() && glob.charAt(i + 1) == '*') {
                        i++;
                    }
                }
            } else if (c == '?') {
                regex.append("[^/]");
            } else if (c == '[') {
                i = set(glob, i, regex);
            } else {
                if (c == '\\' && i + 1 < glob.length()) {
                    c = glob.charAt(++i);
                }
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /**
     * Appends a set of characters: {@code [a-c]}, {@code [!a-c]}. As in git it matches no slash, and a bracket that comes first is one of
     * the characters.
     *
     * @return where its closing bracket is
     * @throws PatternSyntaxException if it has none, or has a class of characters by name ({@code [:digit:]})
     */
    private static int set(String glob, int start, StringBuilder regex) {
        regex.append("(?!/)[");
        int at = start + 1;
        if (at < glob.length() && (glob.charAt(at) == '!' || glob.charAt(at) == '^')) {
            regex.append('^');
            at++;
        }
        for (int first = at; at < glob.length(); at++) {
            char c = glob.charAt(at);
            if (c == ']' && at > first) {
                regex.append(']');
                return at;
            }
            boolean range = c == '-' && at > first && at + 1 < glob.length() && glob.charAt(at + 1) != ']';
            if (glob.startsWith("[:", at)) {
                throw new PatternSyntaxException("classes by name are not supported", glob, at);
            }
            if (c == '\\' && at + 1 < glob.length()) {
                c = glob.charAt(++at);
            }
            if (range) {
                regex.append('-');
            } else {
                regex.append("\\x{").append(Integer.toHexString(c)).append('}');
            }
        }
        throw new PatternSyntaxException("a set of characters has no end", glob, start);
    }
}
