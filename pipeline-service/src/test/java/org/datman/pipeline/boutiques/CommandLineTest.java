package org.datman.pipeline.boutiques;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    private static final Path FOLDER = Path.of("/run");

    private static final String INPUTS = """
            {"id": "image", "name": "i", "type": "File", "value-key": "[IMAGE]"},
            {"id": "n", "name": "n", "type": "Number", "integer": true, "minimum": 1, "optional": true, "value-key": "[N]",
             "command-line-flag": "--n", "command-line-flag-separator": "="},
            {"id": "verbose", "name": "v", "type": "Flag", "value-key": "[V]", "command-line-flag": "-v", "optional": true},
            {"id": "names", "name": "l", "type": "String", "list": true, "value-key": "[NAMES]", "command-line-flag": "--names",
             "optional": true, "max-list-entries": 3},
            {"id": "text", "name": "t", "type": "String", "value-key": "[TEXT]", "optional": true, "value-choices": []}
            """;

    @ParameterizedTest(name = "[{index}] {0} with {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "tool [IMAGE] [N]               | n=4                 | tool,inputs/a.nii.gz,--n=4",
                "tool [IMAGE] [N] [V]           | ''                  | tool,inputs/a.nii.gz",
                "tool [V] [IMAGE]               | verbose=true        | tool,-v,inputs/a.nii.gz",
                "tool [V] [IMAGE]               | verbose=false       | tool,inputs/a.nii.gz",
                "tool [IMAGE] [NAMES]           | names=[\"x\",\"y\"] | tool,inputs/a.nii.gz,--names,x,y",
                "tool 'two words' --i=[IMAGE]   | ''                  | tool,two words,--i=inputs/a.nii.gz",
                "tool [OUT] [IMAGE]             | ''                  | tool,-o,a_out.nii,inputs/a.nii.gz",
                "tool [TEXT]                    | text=[IMAGE]        | tool,[IMAGE]"
            })
    void valuesBecomeArguments(String template, String parameters, String expected) throws DescriptorException {
        // Given
        Descriptor tool = tool(template, "");

        // When
        List<String> command = CommandLine.of(tool, values(tool, parameters), FOLDER);

        // Then
        assertThat(command).containsExactly(expected.split(","));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "; touch hacked",
                "$(touch hacked)",
                "`touch hacked`",
                "a b  c",
                "'",
                "\"",
                "\\",
                "' ; touch hacked ; '",
                "\n",
                "*"
            })
    void aHostileValueStaysOneArgumentInAShell(String hostile) throws Exception {
        // Given
        Descriptor tool = tool("printf '%s|' \\\"[TEXT]\\\" [TEXT] '[V]'", "\"shell\": \"/bin/sh\",");
        InputValues values = InputValues.of(tool, Map.of("text", hostile), Map.of("image", List.of("a.nii")));

        // When
        Process process = new ProcessBuilder(CommandLine.of(tool, values, FOLDER))
                .directory(new java.io.File("target"))
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);

        // Then
        assertThat(process.waitFor()).isZero();
        assertThat(printed).isEqualTo(hostile + "|" + hostile + "||");
        assertThat(new java.io.File("target/hacked")).doesNotExist();
    }

    @ParameterizedTest(name = "[{index}] {0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "n=0          | tool.json: input n is 0; allowed: at least 1",
                "n=1.5        | tool.json: input n is 1.5; allowed: a whole number",
                "n=many       | tool.json: input n is 'many'; allowed: a number",
                "what=1       | tool.json: input what is no input of the tool",
                "image=x      | tool.json: input image gets",
                "names=[\"a\",\"b\",\"c\",\"d\"] | tool.json: input names gets 4 values; allowed: at most 3"
            })
    void aValueThatDoesNotFitIsRefusedInWords(String parameters, String expected) throws DescriptorException {
        // Given
        Descriptor tool = tool("tool [IMAGE]", "");
        String[] parts = parameters.split("=", 2);
        Map<String, List<String>> files = parts[0].equals("image") ? Map.of() : Map.of("image", List.of("a.nii"));

        // When / Then
        assertThatThrownBy(() -> InputValues.of(tool, Map.of(parts[0], parts[1]), files))
                .isInstanceOf(DescriptorException.class)
                .hasMessageStartingWith(expected);
    }

    @Test
    void aValueCannotLeadAnOutputOutOfItsFolder() throws DescriptorException {
        // Given
        Descriptor tool = DescriptorReader.read(
                "tool.json", json("tool [TEXT]", "", "[TEXT]/x").getBytes(UTF_8));
        InputValues values = InputValues.of(tool, Map.of("text", "../.."), Map.of("image", List.of("a.nii")));

        // When / Then
        assertThatThrownBy(() -> OutputPaths.of(tool, values))
                .isInstanceOf(DescriptorException.class)
                .hasMessageContaining("becomes '../../x'");
    }

    private static InputValues values(Descriptor tool, String parameters) throws DescriptorException {
        String[] parts = parameters.split("=", 2);
        return InputValues.of(
                tool,
                parts.length == 2 ? Map.of(parts[0], parts[1]) : Map.of(),
                Map.of("image", List.of("inputs/a.nii.gz")));
    }

    private static Descriptor tool(String commandLine, String more) throws DescriptorException {
        return DescriptorReader.read(
                "tool.json", json(commandLine, more, "[IMAGE]_out.nii").getBytes(UTF_8));
    }

    private static String json(String commandLine, String more, String path) {
        return "{\"schema-version\": \"0.5\", \"name\": \"tool\", \"tool-version\": \"1\", " + more
                + "\"command-line\": \"" + commandLine + "\", \"inputs\": [" + INPUTS
                + "], \"output-files\": [{\"id\": \"out\", \"name\": \"out\", \"path-template\": \"" + path
                + "\", \"path-template-stripped-extensions\": [\".nii.gz\"], \"value-key\": \"[OUT]\","
                + " \"command-line-flag\": \"-o\"}]}";
    }
}
