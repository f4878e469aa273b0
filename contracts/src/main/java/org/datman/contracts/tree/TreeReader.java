package org.datman.contracts.tree;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.tree.TreeNode.Entry;
import org.datman.contracts.tree.TreeNode.Kind;
import org.datman.contracts.tree.TreeNode.Mapping;
import org.datman.contracts.tree.TreeNode.Place;
import org.datman.contracts.tree.TreeNode.Scalar;
import org.datman.contracts.tree.TreeNode.Sequence;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads YAML and JSON. Files are untrusted input: their size, depth and aliases have limits. */
public final class TreeReader {

    private static final int LARGEST = 1_000_000;
    private static final int DEEPEST = 20;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build();

    private TreeReader() {}

    /**
     * The value of a YAML file.
     *
     * @return empty when the file has none
     */
    public static Optional<TreeNode> yaml(byte[] bytes) throws TreeException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LARGEST);
        options.setNestingDepthLimit(DEEPEST);
        try {
            Node root = new Yaml(options).compose(new StringReader(text(bytes)));
            return root == null ? Optional.empty() : Optional.of(new Resolved().node(root, 1));
        } catch (MarkedYAMLException e) {
            String problem = e.getContext() == null ? e.getProblem() : e.getContext() + ": " + e.getProblem();
            throw new TreeException(e.getProblemMark() == null ? null : place(e.getProblemMark()), problem, "YAML", e);
        } catch (YAMLException e) {
            throw new TreeException(
                    null, firstLine(e.getMessage()), "YAML text of at most " + LARGEST + " characters", e);
        }
    }

    /**
     * The value of a JSON file.
     *
     * @return empty when the file has none
     */
    public static Optional<TreeNode> json(byte[] bytes) throws TreeException {
        if (bytes.length > LARGEST) {
            throw new TreeException(
                    null, "has " + bytes.length + " bytes", "JSON text of at most " + LARGEST + " bytes", null);
        }
        try (JsonParser in = JSON.createParser(text(bytes))) {
            if (in.nextToken() == null) {
                return Optional.empty();
            }
            TreeNode root = node(in);
            if (in.nextToken() != null) {
                throw new TreeException(place(in.currentTokenLocation()), "has more behind its end", "one value", null);
            }
            return Optional.of(root);
        } catch (JsonProcessingException e) {
            throw new TreeException(
                    e.getLocation() == null ? null : place(e.getLocation()),
                    "is not JSON: " + firstLine(e.getOriginalMessage()),
                    "JSON",
                    e);
        } catch (IOException e) {
            throw new TreeException(null, "cannot be read: " + e.getMessage(), "a readable file", e);
        }
    }

    private static String text(byte[] bytes) throws TreeException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new TreeException(null, "the file is not UTF-8", "UTF-8 text", e);
        }
    }

    /**
     * The tree of a YAML text with its aliases resolved. The limits of the parser do not count what an alias repeats, and a value
     * may contain itself by one.
     */
    private static final class Resolved {

        private int values;

        TreeNode node(Node node, int depth) throws TreeException {
            Place place = place(node.getStartMark());
            if (depth > DEEPEST) {
                throw new TreeException(
                        place, "is nested too deep, or contains itself", "at most " + DEEPEST + " levels", null);
            }
            if (++values > LARGEST) {
                throw new TreeException(
                        place, "repeats too much by its aliases", "at most " + LARGEST + " values", null);
            }
            if (node instanceof MappingNode mapping) {
                List<Entry> entries = new ArrayList<>();
                for (NodeTuple tuple : mapping.getValue()) {
                    entries.add(new Entry(node(tuple.getKeyNode(), depth + 1), node(tuple.getValueNode(), depth + 1)));
                }
                return new Mapping(place, List.copyOf(entries));
            }
            if (node instanceof SequenceNode sequence) {
                List<TreeNode> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(node(item, depth + 1));
                }
                return new Sequence(place, List.copyOf(items));
            }
            return new Scalar(place, ((ScalarNode) node).getValue(), kind(node.getTag()));
        }
    }

    private static Kind kind(Tag tag) {
        if (Tag.NULL.equals(tag)) {
            return Kind.NULL;
        }
        if (Tag.BOOL.equals(tag)) {
            return Kind.BOOLEAN;
        }
        return Tag.INT.equals(tag) || Tag.FLOAT.equals(tag) ? Kind.NUMBER : Kind.TEXT;
    }

    private static TreeNode node(JsonParser in) throws IOException {
        Place place = place(in.currentTokenLocation());
        switch (in.currentToken()) {
            case START_OBJECT -> {
                List<Entry> entries = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    Scalar key = new Scalar(place(in.currentTokenLocation()), in.currentName(), Kind.TEXT);
                    in.nextToken();
                    entries.add(new Entry(key, node(in)));
                }
                return new Mapping(place, List.copyOf(entries));
            }
            case START_ARRAY -> {
                List<TreeNode> items = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    items.add(node(in));
                }
                return new Sequence(place, List.copyOf(items));
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                return new Scalar(place, in.getText(), Kind.NUMBER);
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return new Scalar(place, in.getText(), Kind.BOOLEAN);
            }
            case VALUE_NULL -> {
                return new Scalar(place, in.getText(), Kind.NULL);
            }
            default -> {
                return new Scalar(place, in.getText(), Kind.TEXT);
            }
        }
    }

    private static Place place(Mark mark) {
        return new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static Place place(JsonLocation location) {
        return new Place(location.getLineNr(), location.getColumnNr());
    }

    private static String firstLine(@Nullable String message) {
        return String.valueOf(message).lines().findFirst().orElse("");
    }
}
