package org.datman.local.promise;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The texts in the sources that tell people what to do: what is handed over as the {@code action} of a Reason, directly or
 * through anything that has a parameter, a record component or a variable of that name. What is put in at run time is {@code …}.
 */
final class ActionTexts {

    private static final String FILLED_IN = "…";

    private final Map<String, Set<Integer>> places = new HashMap<>();
    private final Map<String, String> constants = new HashMap<>();
    private final Map<String, List<ExpressionTree>> returned = new HashMap<>();
    private final List<Found> found = new ArrayList<>();
    private final String role;

    private ActionTexts(String role) {
        this.role = role;
    }

    /** A text and the file in which it stands. */
    record Found(String file, String text) {}

    /**
     * All texts under the modules' main sources.
     *
     * @param role name of the parameters: {@code action} or {@code message}
     */
    static List<Found> in(Path root, String role) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> modules = Files.walk(root, 2)) {
            for (Path module : modules.filter(path -> Files.isDirectory(path.resolve("src/main/java")))
                    .toList()) {
                try (Stream<Path> sources = Files.walk(module.resolve("src/main/java"))) {
                    sources.filter(path -> path.toString().endsWith(".java")).forEach(files::add);
                }
            }
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    manager,
                    diagnostic -> {},
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(files));
            List<CompilationUnitTree> units = new ArrayList<>();
            task.parse().forEach(units::add);
            ActionTexts texts = new ActionTexts(role);
            units.forEach(texts::declarations);
            units.forEach(texts::uses);
            return texts.found.stream().distinct().toList();
        }
    }

    /** Where actions are handed over: name of method or class to the place of the argument. */
    private void declarations(CompilationUnitTree unit) {
        new TreeScanner<Void, String>() {
            @Override
            public Void visitClass(ClassTree type, String outer) {
                String name = type.getSimpleName().toString();
                if (type.getKind() == Tree.Kind.RECORD) {
                    List<VariableTree> components = type.getMembers().stream()
                            .filter(VariableTree.class::isInstance)
                            .map(VariableTree.class::cast)
                            .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
                            .toList();
                    note(name, components);
                }
                return super.visitClass(type, name);
            }

            @Override
            public Void visitMethod(MethodTree method, String type) {
                String name = method.getName().toString();
                note(name.equals("<init>") ? type : name, method.getParameters());
                if (method.getReturnType() != null
                        && method.getReturnType().toString().equals("String")) {
                    new TreeScanner<Void, Void>() {
                        @Override
                        public Void visitReturn(ReturnTree statement, Void nothing) {
                            returned.computeIfAbsent(type + "." + name, key -> new ArrayList<>())
                                    .add(statement.getExpression());
                            return super.visitReturn(statement, nothing);
                        }

                        @Override
                        public Void visitLambdaExpression(LambdaExpressionTree lambda, Void nothing) {
                            return null;
                        }
                    }.scan(method.getBody(), null);
                }
                return super.visitMethod(method, type);
            }

            @Override
            public Void visitVariable(VariableTree variable, String type) {
                Set<Modifier> flags = variable.getModifiers().getFlags();
                if (flags.contains(Modifier.STATIC)
                        && flags.contains(Modifier.FINAL)
                        && variable.getInitializer() != null) {
                    List<String> value = texts(variable.getInitializer(), type);
                    if (value.size() == 1) {
                        constants.put(type + "." + variable.getName(), value.get(0));
                    }
                }
                return super.visitVariable(variable, type);
            }

            private void note(String name, List<? extends VariableTree> parameters) {
                for (int i = 0; i < parameters.size(); i++) {
                    if (parameters.get(i).getName().contentEquals(role)
                            && parameters.get(i).getType() != null
                            && parameters.get(i).getType().toString().equals("String")) {
                        places.computeIfAbsent(name + "/" + parameters.size(), key -> new HashSet<>())
                                .add(i);
                    }
                }
            }
        }.scan(unit, "");
    }

    private void uses(CompilationUnitTree unit) {
        String path = unit.getSourceFile().getName();
        String file = path.substring(path.lastIndexOf('/') + 1);
        new TreeScanner<Void, String>() {
            @Override
            public Void visitClass(ClassTree type, String outer) {
                return super.visitClass(type, type.getSimpleName().toString());
            }

            @Override
            public Void visitNewClass(NewClassTree made, String type) {
                String name = made.getIdentifier().toString();
                collect(name.substring(name.lastIndexOf('.') + 1), made.getArguments(), type);
                return super.visitNewClass(made, type);
            }

            @Override
            public Void visitMethodInvocation(MethodInvocationTree call, String type) {
                Tree select = call.getMethodSelect();
                String name = select instanceof MemberSelectTree member
                        ? member.getIdentifier().toString()
                        : select.toString();
                collect(name, call.getArguments(), type);
                return super.visitMethodInvocation(call, type);
            }

            @Override
            public Void visitVariable(VariableTree variable, String type) {
                if (variable.getName().contentEquals(role) && variable.getInitializer() != null) {
                    add(variable.getInitializer(), type);
                }
                return super.visitVariable(variable, type);
            }

            @Override
            public Void visitAssignment(AssignmentTree assignment, String type) {
                if (assignment.getVariable().toString().equals(role)) {
                    add(assignment.getExpression(), type);
                }
                return super.visitAssignment(assignment, type);
            }

            private void collect(String name, List<? extends ExpressionTree> arguments, String type) {
                for (int place : places.getOrDefault(name + "/" + arguments.size(), Set.of())) {
                    add(arguments.get(place), type);
                }
            }

            private void add(ExpressionTree expression, String type) {
                for (String text : texts(expression, type)) {
                    if (text.chars().anyMatch(Character::isLetter)) {
                        found.add(new Found(file, text.strip()));
                    }
                }
            }
        }.scan(unit, "");
    }

    /** The possible values of an expression; for a call, the texts in its arguments. */
    private List<String> texts(Tree expression, String type) {
        if (expression instanceof LiteralTree literal) {
            return literal.getValue() instanceof String text ? List.of(text) : List.of(FILLED_IN);
        } else if (expression instanceof ParenthesizedTree inner) {
            return texts(inner.getExpression(), type);
        } else if (expression instanceof ConditionalExpressionTree choice) {
            return Stream.concat(
                            texts(choice.getTrueExpression(), type).stream(),
                            texts(choice.getFalseExpression(), type).stream())
                    .distinct()
                    .toList();
        } else if (expression instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
            List<String> all = new ArrayList<>();
            for (String left : texts(sum.getLeftOperand(), type)) {
                for (String right : texts(sum.getRightOperand(), type)) {
                    all.add(left + right);
                }
            }
            return all;
        } else if (expression instanceof IdentifierTree name && constants.containsKey(type + "." + name.getName())) {
            return List.of(constants.get(type + "." + name.getName()));
        } else if (expression instanceof MemberSelectTree member && constants.containsKey(member.toString())) {
            return List.of(constants.get(member.toString()));
        } else if (expression instanceof MethodInvocationTree call) {
            // A text that a method of the class chooses, among others from those that it is given.
            List<String> chosen = new ArrayList<>();
            for (ExpressionTree result : returned.getOrDefault(type + "." + call.getMethodSelect(), List.of())) {
                if (!(result instanceof MethodInvocationTree)) {
                    chosen.addAll(texts(result, type));
                }
            }
            call.getArguments().stream()
                    .filter(argument -> argument instanceof LiteralTree || argument instanceof BinaryTree)
                    .flatMap(argument -> texts(argument, type).stream())
                    .forEach(chosen::add);
            List<String> sentences = chosen.stream()
                    .filter(text -> text.contains(" "))
                    .distinct()
                    .toList();
            return sentences.isEmpty() ? List.of(FILLED_IN) : sentences;
        }
        return List.of(FILLED_IN);
    }
}
