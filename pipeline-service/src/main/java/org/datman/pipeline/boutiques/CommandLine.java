package org.datman.pipeline.boutiques;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.datman.pipeline.boutiques.Descriptor.Input;
import org.datman.pipeline.boutiques.Descriptor.OutputFile;
import org.datman.pipeline.boutiques.Descriptor.Type;
import org.jspecify.annotations.Nullable;

/**
 * Builds the arguments of a process from a template and values. Pure.
 *
 * <p>Without a shell the template is split into words first and values are inserted afterwards: a value can never become two
 * arguments. With the shell that the descriptor names, values are passed as positional parameters, which a shell
 * expands but never reads as commands.
 */
public final class CommandLine {

    private static final String SHELL_ONLY = "|&;<>$`*?~()#";
    private static final Pattern ASSIGNMENT = Pattern.compile("\\s*[A-Za-z_][A-Za-z0-9_]*=.*");
    private static final Pattern LOOKS_LIKE_KEY = Pattern.compile("\\[[A-Z][A-Z0-9_]*\\]");

    private CommandLine() {}

    /**
     * Program and arguments.
     *
     * @param folder in which the tool runs
     */
    public static List<String> of(Descriptor descriptor, InputValues values, Path folder) throws DescriptorException {
        Map<String, List<String>> arguments = argumentsByKey(descriptor, values, folder);
        String shell = descriptor.shell();
        return shell == null ? plain(split(descriptor.commandLine()), arguments) : shell(shell, descriptor, arguments);
    }

    /** The variables of the tool's environment; one whose value is the key of an input has that input's value, empty when it has none. */
    public static Map<String, String> environment(Descriptor descriptor, InputValues values) {
        Map<String, String> environment = new LinkedHashMap<>(descriptor.environment());
        for (Input input : descriptor.inputs()) {
            environment.replaceAll((name, value) ->
                    value.equals(input.valueKey()) ? String.join(input.listSeparator(), values.of(input.id())) : value);
        }
        return environment;
    }

    /** The words of a template. */
    static List<String> split(String template) {
        return words(template).words();
    }

    /** Whether a template has what only a shell understands. */
    static boolean needsShell(String template) {
        return !words(template).shellOnly().isEmpty() || ASSIGNMENT.matches(template);
    }

    /** The faults in the template of a descriptor. */
    static List<Problem> problems(Descriptor descriptor) {
        List<Problem> problems = new ArrayList<>();
        String shell = descriptor.shell();
        if (shell == null) {
            Words words = words(descriptor.commandLine());
            if (words.words().isEmpty()) {
                problems.add(problem(descriptor, "is empty", "a program and its arguments"));
            }
            if (words.openQuote()) {
                problems.add(problem(descriptor, "has a quote that is not closed", "closed quotes"));
            }
        } else if (!shell.startsWith("/")) {
            problems.add(new Problem(descriptor.file(), "shell", "is '" + shell + "'", "an absolute path"));
        }
        Matcher keys = LOOKS_LIKE_KEY.matcher(descriptor.commandLine());
        while (keys.find()) {
            String key = keys.group();
            boolean known = descriptor.inputs().stream().anyMatch(input -> key.equals(input.valueKey()))
                    || descriptor.outputs().stream().anyMatch(output -> key.equals(output.valueKey()));
            if (!known) {
                problems.add(problem(descriptor, "has " + key + ", which nothing has as value-key", "value keys"));
            }
        }
        return problems;
    }

    private static Problem problem(Descriptor descriptor, String what, String allowed) {
        return new Problem(descriptor.file(), "command-line", what, allowed);
    }

    private static List<String> plain(List<String> words, Map<String, List<String>> arguments) {
        List<String> command = new ArrayList<>();
        for (String word : words) {
            if (arguments.containsKey(word)) {
                command.addAll(arguments.get(word));
            } else {
                command.add(Template.replace(word, arguments, list -> String.join(" ", list)));
            }
        }
        return List.copyOf(command);
    }

    private static List<String> shell(String shell, Descriptor descriptor, Map<String, List<String>> arguments) {
        List<String> parameters = new ArrayList<>();
        String template = descriptor.commandLine();
        StringBuilder script = new StringBuilder();
        char quote = 0;
        int at = 0;
        while (at < template.length()) {
            Optional<String> key = Template.keyAt(template, at, arguments);
            if (key.isPresent()) {
                script.append(references(arguments.getOrDefault(key.get(), List.of()), parameters, quote));
                at += key.get().length();
            } else {
                char c = template.charAt(at);
                script.append(c);
                at++;
                if (c == '\\' && quote != '\'' && at < template.length()) {
                    script.append(template.charAt(at));
                    at++;
                } else if (quote == 0 && (c == '\'' || c == '"')) {
                    quote = c;
                } else if (c == quote) {
                    quote = 0;
                }
            }
        }
        List<String> command = new ArrayList<>(List.of(shell, "-c", script.toString(), descriptor.name()));
        command.addAll(parameters);
        return List.copyOf(command);
    }

    /** Positional parameters for values, quoted so that each stays one word within its surrounding quotes. */
    private static String references(List<String> values, List<String> parameters, char quote) {
        List<String> references = new ArrayList<>();
        for (String value : values) {
            parameters.add(value);
            String reference = "${" + parameters.size() + "}";
            references.add(quote == '"' ? reference : '"' + reference + '"');
        }
        return quote == '\'' ? "'" + String.join("' '", references) + "'" : String.join(" ", references);
    }

    private static Map<String, List<String>> argumentsByKey(Descriptor descriptor, InputValues values, Path folder)
            throws DescriptorException {
        Map<String, List<String>> arguments = new LinkedHashMap<>();
        for (Input input : descriptor.inputs()) {
            String key = input.valueKey();
            if (key != null) {
                arguments.put(key, arguments(input, values.of(input.id())));
            }
        }
        Map<String, String> paths = OutputPaths.of(descriptor, values);
        for (OutputFile output : descriptor.outputs()) {
            String key = output.valueKey();
            String path = paths.get(output.id());
            if (key != null && path != null) {
                arguments.put(
                        key,
                        flagged(
                                output.flag(),
                                output.flagSeparator(),
                                List.of(
                                        output.absolutePath()
                                                ? folder.resolve(path).toString()
                                                : path)));
            }
        }
        return arguments;
    }

    private static List<String> arguments(Input input, List<String> values) {
        if (values.isEmpty()) {
            return List.of();
        }
        if (input.type() == Type.FLAG) {
            return List.of(Objects.requireNonNull(input.flag(), "The reader requires the flag of a Flag"));
        }
        List<String> joined =
                input.listSeparator().equals(" ") ? values : List.of(String.join(input.listSeparator(), values));
        return flagged(input.flag(), input.flagSeparator(), joined);
    }

    private static List<String> flagged(@Nullable String flag, String separator, List<String> values) {
        List<String> arguments = new ArrayList<>(values);
        if (flag == null || flag.isEmpty()) {
            return arguments;
        }
        if (separator.equals(" ")) {
            arguments.add(0, flag);
        } else {
            arguments.set(0, flag + separator + arguments.get(0));
        }
        return arguments;
    }

    private record Words(List<String> words, boolean openQuote, String shellOnly) {}

    /** Splits at spaces, except in quotes; a backslash escapes the next character, except in single quotes. */
    private static Words words(String template) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        StringBuilder shellOnly = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < template.length()) {
                i++;
                word.append(template.charAt(i));
                inWord = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                if (SHELL_ONLY.indexOf(c) >= 0) {
                    shellOnly.append(c);
                }
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return new Words(List.copyOf(words), quote != 0, shellOnly.toString());
    }
}
