package org.datman.pipeline.boutiques;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.study.PipelineRule;

/**
 * The tool of a manual step: it hands on what a person accepted or corrected, so that the step has a run with provenance as any tool has. Its
 * outputs have the ids of the inputs of the step.
 */
public final class ManualTool {

    private ManualTool() {}

    /** The input of the tool for that of a step: inputs and outputs of a tool have no id in common. */
    public static String input(String id) {
        return "given_" + id;
    }

    /** The input of the tool that says of how many files that of a step is a list; without a value it is one file or folder. */
    public static String numberOf(String id) {
        return "number_of_" + id;
    }

    /** @param descriptor as {@link PipelineRule} has it: {@code manual:image,mask} */
    public static Tool of(String descriptor) throws DescriptorException {
        ObjectNode json = EventJson.mapper().createObjectNode();
        json.put("schema-version", "0.5");
        json.put("name", "manual");
        json.put("tool-version", "1");
        json.put("shell", "/bin/sh");
        ArrayNode inputs = json.putArray("inputs");
        ArrayNode outputs = json.putArray("output-files");
        List<String> commands = new ArrayList<>(List.of(": [ANSWER]"));
        for (String id : descriptor.substring(PipelineRule.MANUAL.length()).split(",")) {
            String key = "[FILE_" + outputs.size() + "]";
            commands.add("cp -R " + key + " out/" + id + "/");
            // Only a session's files show whether an output of a pipeline is a file, a folder or a list.
            inputs.addObject()
                    .put("id", input(id))
                    .put("name", id)
                    .put("type", "File")
                    .put("list", true)
                    .put("value-key", key);
            inputs.addObject()
                    .put("id", numberOf(id))
                    .put("name", numberOf(id))
                    .put("type", "Number")
                    .put("integer", true)
                    .put("optional", true);
            ObjectNode output =
                    outputs.addObject().put("id", id).put("name", id).put("list", true);
            ArrayNode paths = output.putArray("conditional-path-template");
            paths.addObject().put(numberOf(id) + " > 0", "out/" + id + "/*");
            paths.addObject().put("default", "out/" + id + "/" + key);
        }
        inputs.addObject()
                .put("id", PipelineAnswered.INPUT)
                .put("name", PipelineAnswered.INPUT)
                .put("type", "String")
                .put("value-key", "[ANSWER]");
        json.put("command-line", String.join(" && ", commands));
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        return new Tool(DescriptorReader.read(descriptor, bytes), DigestUtils.sha256Hex(bytes), Path.of(""));
    }
}
