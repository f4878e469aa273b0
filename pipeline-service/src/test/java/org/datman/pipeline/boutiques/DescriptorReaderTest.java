package org.datman.pipeline.boutiques;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.datman.pipeline.boutiques.Descriptor.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptorReaderTest {

    private static final String GOOD = """
            {"schema-version": "0.5", "name": "bet", "tool-version": "6.0", "description": "brain extraction",
             "command-line": "bet [IN] [OUT] [F] [MASK]",
             "container-image": {"type": "docker", "image": "fsl:6"},
             "inputs": [
               {"id": "in", "name": "in", "type": "File", "value-key": "[IN]"},
               {"id": "f", "name": "f", "type": "Number", "value-key": "[F]", "command-line-flag": "-f", "optional": true,
                "minimum": 0, "maximum": 1},
               {"id": "mask", "name": "mask", "type": "Flag", "value-key": "[MASK]", "command-line-flag": "-m", "optional": true},
               {"id": "mode", "name": "mode", "type": "String", "optional": true, "value-choices": ["fast", "slow"]}],
             "output-files": [
               {"id": "out", "name": "brain", "path-template": "[IN]_brain.nii.gz",
                "path-template-stripped-extensions": [".nii.gz", ".nii"], "value-key": "[OUT]"},
               {"id": "m", "name": "mask", "path-template": "[IN]_mask.nii.gz", "optional": true}],
             "error-codes": [{"code": 9, "description": "licence"}],
             "suggested-resources": {"walltime-estimate": 60, "cpu-cores": 2, "ram": 4}}
            """;

    @Test
    void aDescriptorIsRead() throws DescriptorException {
        // When
        Descriptor tool = DescriptorReader.read("bet.json", GOOD.getBytes(UTF_8));

        // Then
        assertThat(tool.name()).isEqualTo("bet");
        assertThat(tool.toolVersion()).isEqualTo("6.0");
        assertThat(tool.inputs())
                .extracting(Descriptor.Input::type)
                .containsExactly(Type.FILE, Type.NUMBER, Type.FLAG, Type.STRING);
        assertThat(tool.input("mode").orElseThrow().choices()).containsExactly("fast", "slow");
        assertThat(tool.outputs()).extracting(Descriptor.OutputFile::optional).containsExactly(false, true);
        assertThat(tool.containerImage()).isEqualTo(new Descriptor.ContainerImage("fsl:6", null, null, List.of()));
        assertThat(tool.errorCodes()).isEqualTo(Map.of(9, "licence"));
        assertThat(tool.resources().walltimeSeconds()).isEqualTo(60.0);
    }

    @Test
    void transientExitCodesAreThoseThatErrorCodesExplains() throws DescriptorException {
        // Given
        String known =
                GOOD.replace("\"error-codes\"", "\"custom\": {\"datman\": {\"transient\": [9]}}, \"error-codes\"");
        String unknown = known.replace("[9]", "[9, 10]");
        String text = known.replace("[9]", "[\"9\"]");

        // When
        Descriptor tool = DescriptorReader.read("bet.json", known.getBytes(UTF_8));
        List<Throwable> refused = Stream.of(unknown, text)
                .map(json -> catchThrowable(() -> DescriptorReader.read("bet.json", json.getBytes(UTF_8))))
                .toList();

        // Then
        assertThat(tool.transientCodes()).containsExactly(9);
        assertThat(refused)
                .satisfiesExactly(
                        code -> assertThat(code)
                                .hasMessageContaining(
                                        "names 10 among datman.transient, which error-codes does not explain"),
                        type -> assertThat(type).hasMessageContaining("a list of whole numbers, 0 or more"));
    }

    @Test
    void aLongConditionIsNotADeepOne() throws Exception {
        // Given
        String condition = String.join(" or ", Collections.nCopies(60, "(f > 1)"));
        String json = GOOD.replace(
                "\"path-template\": \"[IN]_mask.nii.gz\"",
                "\"conditional-path-template\": [{\"" + condition + "\": \"a\"}, {\"default\": \"b\"}]");

        // When
        Descriptor tool = DescriptorReader.read("bet.json", json.getBytes(UTF_8));

        // Then
        assertThat(tool.outputs()).hasSize(2);
    }

    @Test
    void aDeepConditionIsRefused() {
        // Given
        String condition = "(".repeat(60) + "f > 1" + ")".repeat(60);
        String json = GOOD.replace(
                "\"path-template\": \"[IN]_mask.nii.gz\"",
                "\"conditional-path-template\": [{\"" + condition + "\": \"a\"}, {\"default\": \"b\"}]");

        // When
        DescriptorException refused = catchThrowableOfType(
                DescriptorException.class, () -> DescriptorReader.read("bet.json", json.getBytes(UTF_8)));

        // Then
        assertThat(refused).hasMessageContaining("is nested too deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pydeface", "mideface", "mri-deface"})
    void theExamplesOfToolsThatDefaceAreReadAndMakeTheDocumentedCommandLine(String name) throws Exception {
        // Given
        Path file = Path.of(System.getProperty("datman.root"), "docs/defacing", name + ".json");
        Map<String, String> commands = Map.of(
                "pydeface", "pydeface a.nii.gz --outfile a_defaced.nii.gz",
                "mideface", "mideface --i a.nii.gz --o a_defaced.nii.gz",
                "mri-deface", "mri_deface a.nii.gz brain.gca face.gca a_defaced.nii.gz");

        // When
        Descriptor tool = DescriptorReader.read(name, Files.readAllBytes(file));

        // Then
        Map<String, String> parameters =
                name.equals("mri-deface") ? Map.of("brain", "brain.gca", "face", "face.gca") : Map.of();
        assertThat(String.join(
                        " ",
                        CommandLine.of(
                                tool,
                                InputValues.of(tool, parameters, Map.of("image", List.of("a.nii.gz"))),
                                Path.of("/run"))))
                .isEqualTo(commands.get(name));
        assertThat(tool.outputs()).extracting(Descriptor.OutputFile::id).containsExactly("defaced");
    }

    @ParameterizedTest(name = "[{index}] {0} -> {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "\"0.5\"                | \"0.6\"               | bad.json: schema-version is '0.6'; allowed: 0.5",
                "\"name\": \"bet\", | ''                  | bad.json: name is missing; allowed: text",
                "\"type\": \"File\"     | \"type\": \"Image\"   | bad.json: inputs[0].type is \"Image\"; allowed: String, File, Flag, Number",
                "\"maximum\": 1         | \"maximum\": \"one\"  | bad.json: inputs[1].maximum is \"one\"; allowed: a number",
                "\"maximum\": 1         | \"maximun\": 1        | bad.json: inputs[1].maximun is not a known key (did you mean maximum?)",
                "\"command-line-flag\": \"-m\", | ''        | bad.json: inputs[2].command-line-flag is missing",
                "[IN]_mask              | ../[IN]_mask        | bad.json: output-files[1].path-template leaves the folder",
                "[IN]_mask              | /tmp/[IN]_mask      | bad.json: output-files[1].path-template leaves the folder",
                "[IN]_mask              | '*_mask'            | bad.json: output-files[1].path-template contains wildcards",
                "bet [IN] [OUT]         | bet [IN] [WHAT]     | bad.json: command-line has [WHAT], which nothing has as value-key",
                "'[IN]_mask.nii.gz\", \"optional\": true' | 'x\", \"file-template\": [\"a\"], \"list\": true' | bad.json: output-files[1].file-template is given for a list",
                "'\"path-template\": \"[IN]_mask.nii.gz\", \"optional\": true' | '\"conditional-path-template\": [{\"f > 1\": \"a\"}]' | bad.json: output-files[1].conditional-path-template has no \"default\"",
                "'\"path-template\": \"[IN]_mask.nii.gz\"' | '\"conditional-path-template\": [{\"f >\": \"a\"}]' | bad.json: output-files[1].conditional-path-template[0].f > ends too early",
                "'\"path-template\": \"[IN]_mask.nii.gz\"' | '\"conditional-path-template\": [{\"g > 1\": \"a\"}]' | bad.json: output-files[1].conditional-path-template[0].g > 1 has 'g', which is neither an input nor a number",
                "'[\"fast\", \"slow\"]' | '[\"fast\", \"slow\"], \"value-requires\": {\"swift\": []}' | bad.json: inputs[3].value-requires.swift is none of the value-choices",
                "'[\"fast\", \"slow\"]' | '[\"fast\", \"slow\"], \"value-requires\": {\"slow\": [\"g\"]}' | bad.json: inputs names 'g', which is no input",
                "\"id\": \"m\"          | \"id\": \"in\"        | bad.json: output-files has the id 'in', which is taken",
                "\"walltime-estimate\": 60 | \"walltime-estimate\": 0 | bad.json: suggested-resources.walltime-estimate is 0; allowed: more than 0",
                "\"error-codes\"        | \"error-codes\": 5, \"x\" | bad.json: error-codes is 5; allowed: a list of objects",
                "'\"error-codes\"'      | '\"custom\": {\"datman\": {\"measures\": [\"nothing\"]}}, \"error-codes\"' | bad.json: custom names 'nothing' among datman.measures, which is no output",
                "'\"error-codes\"'      | '\"custom\": {\"datman\": {\"progress\": \"(a)(b)\"}}, \"error-codes\"' | bad.json: custom.datman.progress has 2 groups; allowed: a regular expression (RE2) with one group",
                "'\"error-codes\"'      | '\"custom\": {\"datman\": {\"progress\": \"(a\"}}, \"error-codes\"' | bad.json: custom.datman.progress is no regular expression",
                "'.nii\"], \"value-key\": \"[OUT]\"}'  | '.nii\"], \"value-key\": \"[OUT]\", \"file-template\": [\"a\"]}' | bad.json: output-files names no file that the tool must write",
                "{\"schema-version\"    | {{\"schema-version\"  | bad.json: is not JSON"
            })
    void aFaultStatesFileAndPlaceAndWhatIsAllowed(String right, String wrong, String expected) {
        // Given
        byte[] bad = GOOD.replaceFirst(
                        java.util.regex.Pattern.quote(right), java.util.regex.Matcher.quoteReplacement(wrong))
                .getBytes(UTF_8);

        // When
        DescriptorException fault =
                catchThrowableOfType(DescriptorException.class, () -> DescriptorReader.read("bad.json", bad));

        // Then
        assertThat(fault).isNotNull();
        assertThat(fault.problems())
                .anySatisfy(problem -> assertThat(problem.toString().replaceFirst(":\\d+:\\d+", ""))
                        .startsWith(expected));
    }

    @Test
    void allFaultsAreFoundAtOnce() {
        // Given
        byte[] bad = GOOD.replace("\"0.5\"", "\"1\"")
                .replace("\"File\"", "\"Image\"")
                .getBytes(UTF_8);

        // When
        DescriptorException fault =
                catchThrowableOfType(DescriptorException.class, () -> DescriptorReader.read("bad.json", bad));

        // Then
        assertThat(fault.problems())
                .extracting(Problem::path)
                .containsExactlyInAnyOrder("schema-version", "inputs[0].type");
    }

    @Test
    void aFaultHasItsLineAndColumn() {
        // Given a type in the fifth line, behind 38 characters, and a key that is written twice
        byte[] bad = GOOD.replace("\"File\"", "\"Image\"")
                .replace("\"optional\": true}],\n", "\"optional\": true}], \"name\": \"other\",\n")
                .getBytes(UTF_8);

        // When
        DescriptorException fault =
                catchThrowableOfType(DescriptorException.class, () -> DescriptorReader.read("bad.json", bad));

        // Then
        assertThat(fault.problems())
                .extracting(Problem::toString)
                .anyMatch(problem -> problem.startsWith("bad.json:5:39: inputs[0].type is \"Image\""))
                .anyMatch(problem -> problem.contains("name is given twice (first in line 1)"));
    }
}
