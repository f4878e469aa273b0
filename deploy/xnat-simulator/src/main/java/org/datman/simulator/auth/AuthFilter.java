package org.datman.simulator.auth;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.datman.simulator.http.Handler;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;

/**
 * XNAT's authentication: basic authentication, session cookies, alias tokens, open URLs, and the response to each failure for
 * a program and for a browser.
 */
public final class AuthFilter implements Handler {
    /** The handler of authenticated requests. */
    public interface Inside {
        Response answer(Request request, Caller caller) throws IOException;
    }

    private static final Pattern BROWSER = Pattern.compile("MSIE|Mozilla|AppleWebKit|Opera");
    private static final Pattern OPEN = Pattern.compile(
            "^/?$|^/(data|REST)/JSESSION/?$|^/(data|REST)/services/auth/?$"
                    + "|^/xapi/siteConfig/(buildInfo(/.*)?|siteId|siteUrl|siteHome|siteLogoPath)/?$|^/app/template/.*|^/(style|scripts|images)/.*");
    private static final String LOGIN = "/app/template/Login.vm";

    private final SimulatedAccounts accounts;
    private final Clock clock;
    private final String siteId;
    private final Inside inside;

    public AuthFilter(SimulatedAccounts accounts, Clock clock, String siteId, Inside inside) {
        this.accounts = accounts;
        this.clock = clock;
        this.siteId = siteId;
        this.inside = inside;
    }

    @Override
    public Response answer(Request request) throws IOException {
        boolean browser = BROWSER.matcher(request.userAgent()).find();
        String cookie = cookie(request, "JSESSIONID");
        String authorization = request.header("authorization");
        if (authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            SimulatedAccounts.Login login = basic(authorization.substring(6).trim());
            User account = login.user();
            if (account == null) {
                return refuse(login, browser);
            }
            boolean same = !cookie.isEmpty()
                    && accounts.touch(cookie)
                            .filter(u -> u.name().equals(account.name()))
                            .isPresent();
            if (same) {
                return enter(request, new Caller(account, cookie), false);
            }
            Optional<String> opened = accounts.open(account);
            if (opened.isEmpty()) {
                return Response.error(401, "Maximum sessions of this user exceeded");
            }
            return enter(request, new Caller(account, opened.get()), true);
        }
        User user = cookie.isEmpty() ? null : accounts.touch(cookie).orElse(null);
        if (user != null) {
            if (user.condition() == User.Condition.PASSWORD_EXPIRED) {
                return Response.redirect("/app/template/XDATScreen_UpdateUser.vm");
            }
            if (browser && isWrite(request) && request.query("XNAT_CSRF").isEmpty()) {
                return Response.error(500, "INVALID CSRF (possible cross-site request forgery)");
            }
            return enter(request, new Caller(user, cookie), false);
        }
        if (!OPEN.matcher(request.rawPath()).matches()) {
            return unknown(browser);
        }
        boolean known = !cookie.isEmpty() && accounts.isOpen(cookie);
        String session = known ? cookie : accounts.open(User.GUEST).orElseThrow();
        return enter(request, new Caller(User.GUEST, session), !known);
    }

    private static boolean isWrite(Request request) {
        return List.of("PUT", "POST", "DELETE").contains(request.method());
    }

    private SimulatedAccounts.Login basic(String encoded) {
        try {
            String text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            if (colon > 0) {
                return accounts.login(text.substring(0, colon), text.substring(colon + 1));
            }
        } catch (IllegalArgumentException notBase64) {
            // falls through to the response for unreadable credentials
        }
        return new SimulatedAccounts.Login(null, 401, "Invalid basic authentication token");
    }

    private Response refuse(SimulatedAccounts.Login login, boolean browser) {
        if (login.status() == 403 && browser) {
            return Response.redirect("/app/template/XDATScreen_UpdateUser.vm");
        }
        Response response = Response.error(login.status(), login.message());
        return login.status() == 401 ? response.with("WWW-Authenticate", realm()) : response;
    }

    private Response unknown(boolean browser) {
        if (browser) {
            return Response.redirect(LOGIN);
        }
        return Response.error(401, "Authentication required.").with("WWW-Authenticate", realm());
    }

    private String realm() {
        return "Basic realm=\"" + siteId + "\"";
    }

    private Response enter(Request request, Caller caller, boolean newSession) throws IOException {
        Response response = route(request, caller);
        if (newSession) {
            response = response.with("Set-Cookie", "JSESSIONID=" + caller.sessionId() + "; Path=/; HttpOnly");
        }
        return response.with(
                "Set-Cookie",
                "SESSION_EXPIRATION_TIME=\"" + clock.millis() + ","
                        + accounts.timeout().toMillis() + "\"; Path=/");
    }

    private Response route(Request request, Caller caller) throws IOException {
        List<String> path = request.segments();
        if (path.isEmpty()) {
            return Response.redirect(LOGIN);
        }
        if (path.get(0).equals("app") || path.get(0).equals("login")) {
            return Response.loginPage();
        }
        if (path.get(0).equals("data") || path.get(0).equals("REST")) {
            List<String> rest = path.subList(1, path.size());
            if (rest.equals(List.of("JSESSION"))) {
                return jsession(request, caller);
            }
            if (rest.equals(List.of("auth"))) {
                request.withMethod("GET").knowing().givenAs();
                return Response.text(200, "User '" + caller.user().name() + "' is logged in");
            }
            if (rest.equals(List.of("services", "auth"))) {
                return formLogin(request);
            }
            if (rest.size() >= 3 && rest.subList(0, 2).equals(List.of("services", "tokens"))) {
                return tokens(request, rest.subList(2, rest.size()), caller);
            }
        }
        return inside.answer(request, caller);
    }

    private Response jsession(Request request, Caller caller) {
        request.withMethod("GET", "POST", "DELETE").knowing("CSRF");
        if (request.method().equals("DELETE")) {
            accounts.close(caller.sessionId());
            return Response.text(200, "");
        }
        String csrf = request.flag("CSRF")
                ? "; XNAT_CSRF=" + UUID.nameUUIDFromBytes(caller.sessionId().getBytes(StandardCharsets.UTF_8))
                : "";
        return Response.text(200, caller.sessionId() + csrf);
    }

    private Response formLogin(Request request) {
        if (!request.method().equals("PUT") && !request.method().equals("POST")) {
            return Response.error(405, "The method specified in the request is not allowed here.");
        }
        Map<String, String> form = request.form();
        String name = form.getOrDefault("username", form.getOrDefault("j_username", ""));
        String password = form.getOrDefault("password", form.getOrDefault("j_password", ""));
        SimulatedAccounts.Login login = accounts.login(name, password);
        User account = login.user();
        if (account == null) {
            return Response.error(401, "Authentication failed.");
        }
        Optional<String> session = accounts.open(account);
        if (session.isEmpty()) {
            return Response.error(401, "Maximum sessions of this user exceeded");
        }
        return Response.text(200, session.get())
                .with("Set-Cookie", "JSESSIONID=" + session.get() + "; Path=/; HttpOnly");
    }

    private Response tokens(Request request, List<String> rest, Caller caller) {
        request.withMethod("GET").knowing().givenAs("json");
        boolean pair = rest.get(0).equals("validate") || rest.get(0).equals("invalidate");
        if (pair && rest.size() != 3) {
            return Response.error(400, "Need alias and secret after " + rest.get(0));
        }
        if (!pair && rest.size() > 1 && !(rest.size() == 3 && rest.get(0).equals("issue"))) {
            throw Refusal.notDone("GET " + request.rawPath());
        }
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        switch (rest.get(0)) {
            case "issue" -> {
                String other = rest.size() == 3 && rest.get(1).equals("user")
                        ? rest.get(2)
                        : caller.user().name();
                if (!other.equals(caller.user().name()) && !caller.user().admin()) {
                    return Response.error(403, "Only administrators can get tokens on behalf of other users.");
                }
                if (accounts.users().stream().noneMatch(u -> u.name().equals(other))) {
                    return Response.error(404, "Unknown user: " + other);
                }
                return Response.json(200, json(accounts.issue(other)));
            }
            case "show" -> {
                ArrayNode list = nodes.arrayNode();
                accounts.tokens(caller.user().name()).forEach(t -> list.add(json(t)));
                return Response.json(200, list);
            }
            case "validate" -> {
                ObjectNode answer = nodes.objectNode();
                accounts.validate(rest.get(1), rest.get(2)).ifPresent(u -> answer.put("valid", u));
                return Response.json(200, answer);
            }
            case "invalidate" -> {
                if (accounts.validate(rest.get(1), rest.get(2)).isEmpty()) {
                    return Response.error(404, "No such token: " + rest.get(1));
                }
                accounts.invalidate(rest.get(1), rest.get(2));
                return Response.json(200, nodes.objectNode().put("result", "OK"));
            }
            default -> {
                return Response.error(400, "Unknown token operation: " + rest.get(0));
            }
        }
    }

    private static ObjectNode json(SimulatedAccounts.Token token) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("alias", token.alias()).put("secret", token.secret()).put("xdatUserId", token.user());
        node.put("singleUse", false)
                .put("estimatedExpirationTime", token.expires().toEpochMilli());
        node.put("timestamp", token.created().toEpochMilli())
                .put("created", token.created().toEpochMilli());
        node.put("enabled", true).put("disabled", 0).put("id", token.id());
        node.putArray("validIPAddresses");
        return node;
    }

    private static String cookie(Request request, String name) {
        for (String part : request.header("cookie").split(";")) {
            int eq = part.indexOf('=');
            if (eq > 0 && part.substring(0, eq).trim().equals(name)) {
                return part.substring(eq + 1).trim();
            }
        }
        return "";
    }
}
