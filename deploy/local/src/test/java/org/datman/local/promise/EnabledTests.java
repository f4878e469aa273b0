package org.datman.local.promise;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Which tests run: the methods of a class that are tests themselves, and are not disabled, nor the class. */
final class EnabledTests {

    private static final Set<String> TEST = Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory");

    private EnabledTests() {}

    /** The tests of those classes, each from the file of its name: {@code OutboxTest.anEvent…}. */
    static Set<String> in(Path root, Set<String> classes) throws IOException {
        Set<String> tests = new TreeSet<>();
        try (Stream<Path> modules = Files.walk(root, 2)) {
            for (Path module : modules.filter(path -> Files.isDirectory(path.resolve("src/test/java")))
                    .toList()) {
                try (Stream<Path> sources = Files.walk(module.resolve("src/test/java"))) {
                    for (Path source : sources.filter(path -> classes.contains(
                                    path.getFileName().toString().replaceFirst("\\.java$", "")))
                            .toList()) {
                        tests.addAll(of(Files.readString(source)));
                    }
                }
            }
        }
        return tests;
    }

    /** The tests of a source. */
    static Set<String> of(String source) throws IOException {
        JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, diagnostic -> {}, List.of("-proc:none"), null, List.of(new Source(source)));
        Set<String> tests = new TreeSet<>();
        for (CompilationUnitTree unit : task.parse()) {
            new TreeScanner<Void, String>() {
                @Override
                public Void visitClass(ClassTree type, String outer) {
                    return has(type.getModifiers(), Set.of("Disabled"))
                            ? null
                            : super.visitClass(type, type.getSimpleName().toString());
                }

                @Override
                public Void visitMethod(MethodTree method, String type) {
                    if (has(method.getModifiers(), TEST) && !has(method.getModifiers(), Set.of("Disabled"))) {
                        tests.add(type + "." + method.getName());
                    }
                    return null;
                }
            }.scan(unit, "");
        }
        return tests;
    }

    private static boolean has(ModifiersTree modifiers, Set<String> names) {
        return modifiers.getAnnotations().stream()
                .map(annotation -> annotation.getAnnotationType().toString())
                .anyMatch(name -> names.contains(name.substring(name.lastIndexOf('.') + 1)));
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Source.java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
