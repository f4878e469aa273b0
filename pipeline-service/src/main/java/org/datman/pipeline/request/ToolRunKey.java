package org.datman.pipeline.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.InputSet;
import org.datman.contracts.event.PipelineRequested;
import org.jspecify.annotations.Nullable;

/** The identity of a result: tool, the image of its container, parameters and input bytes. */
public final class ToolRunKey {

    private ToolRunKey() {}

    /**
     * SHA-256 over the JSON of tool, version, descriptor digest, sorted parameters and sorted inputs with their digests; where an input is several
     * files, of each its path in the input and its digest. Where the tool runs in a container, the digest of its image comes last.
     *
     * @param image as in requests, or null
     */
    public static String of(
            String tool,
            String toolVersion,
            String descriptorSha256,
            Map<String, String> parameters,
            Map<String, FileRef> inputs,
            Map<String, InputSet> sets,
            @Nullable String image) {
        Map<String, Object> digests = new TreeMap<>();
        inputs.forEach((id, file) -> digests.put(id, file.sha256()));
        sets.forEach((id, set) -> digests.put(
                id,
                set.files().stream()
                        .map(file -> List.of(set.pathOf(file), file.sha256()))
                        .toList()));
        List<Object> identity =
                new ArrayList<>(List.of(tool, toolVersion, descriptorSha256, new TreeMap<>(parameters), digests));
        if (image != null) {
            // The name says only where an image is from.
            identity.add(image.substring(image.lastIndexOf('@') + 1));
        }
        try {
            byte[] json = EventJson.mapper().writeValueAsString(identity).getBytes(StandardCharsets.UTF_8);
            return DigestUtils.sha256Hex(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Text can always be written as JSON", e);
        }
    }

    /** The key that a request should have. */
    public static String of(PipelineRequested request) {
        return of(
                request.tool(),
                request.toolVersion(),
                request.descriptorSha256(),
                request.parameters(),
                request.inputs(),
                request.sets().orElse(Map.of()),
                request.image().orElse(null));
    }
}
