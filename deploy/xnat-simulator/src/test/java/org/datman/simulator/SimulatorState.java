package org.datman.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All state that a request can change, to detect a change: archive, prearchive, workflows, events, commands, accounts, tokens. */
final class SimulatorState {
    private static final List<String> LISTS = List.of(
            "/data/prearchive",
            "/xapi/events/prefs",
            "/xapi/events/subscriptions",
            "/xapi/events/delivered/count",
            "/xapi/commands",
            "/xapi/containers",
            "/data/services/tokens/show");

    private final XnatSimulator sim;
    private final Client client;

    /** @param client of an administrator */
    SimulatorState(XnatSimulator sim, Client client) {
        this.sim = sim;
        this.client = client;
    }

    /** By what it is; equal to an earlier one when nothing changed. */
    Map<String, String> now() {
        Map<String, String> state = new LinkedHashMap<>();
        state.put("projects", sim.archive().projects().toString());
        state.put("subjects", sim.archive().subjects().toString());
        state.put("sessions", sim.archive().sessions().toString());
        sim.archive()
                .sessions()
                .forEach(session -> state.put(
                        "assessors of " + session.id(),
                        sim.archive().assessorsOf(session.id()).toString()));
        state.put("workflows", sim.workflows().all().toString());
        state.put("accounts", sim.accounts().users().toString());
        for (String list : LISTS) {
            Client.Answer answer = client.get(list);
            if (answer.status() != 200) {
                throw new IllegalStateException(list + ": " + answer.text());
            }
            state.put(list, answer.text());
        }
        for (JsonNode command : client.get("/xapi/commands").json()) {
            for (JsonNode wrapper : command.path("xnat")) {
                for (String where : List.of("", "/projects/P")) {
                    String path =
                            "/xapi" + where + "/wrappers/" + wrapper.path("id").asText() + "/enabled";
                    state.put(path, client.get(path).text());
                }
            }
        }
        return state;
    }
}
