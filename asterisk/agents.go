package asterisk

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/CyCoreSystems/ari/v5"

	"ikomek109/asterisk/conf"
	"ikomek109/ivr"
	"ikomek109/queue"
)

const (
	// pjsip is Asterisk's name for the class of a phone's objects.
	pjsip = "res_pjsip"
	// ourMark is the account code of endpoints made here, by which they are
	// told from those of the same Asterisk's own files.
	ourMark = "ikomek109"
)

// roster is what agents' phones Asterisk should know.
type roster struct {
	pushing sync.Mutex // one push at a time

	mu     sync.Mutex
	known  bool                   // guarded by mu; SyncAgents was called
	wanted []queue.Agent          // guarded by mu
	pushed map[ivr.AgentID]string // guarded by mu; what this Asterisk was given
	boot   string                 // guarded by mu; when the Asterisk that has them started
}

// SyncAgents makes Asterisk know the phones of these agents and of no others.
// The list is kept and pushed again whenever Asterisk has forgotten it; so an
// error tells of agents that are refused (Invalid), or of a push that will be
// made up for (Unavailable).
func (s *Switch) SyncAgents(ctx context.Context, agents []queue.Agent) error {
	const op = "push agents' phones"
	var refused []error
	wanted := make([]queue.Agent, 0, len(agents))
	for i := range agents {
		if err := checkAgent(&agents[i]); err != nil {
			refused = append(refused, err)
			continue
		}
		wanted = append(wanted, agents[i])
	}
	s.roster.mu.Lock()
	s.roster.wanted, s.roster.known = wanted, true
	s.roster.mu.Unlock()
	if s.board.read().State != Up {
		refused = append(refused, &ivr.Error{
			Op: op, Code: ivr.Unavailable, Message: "Asterisk is not connected; they are pushed when it is",
		})
		return errors.Join(refused...)
	}
	return errors.Join(append(refused, s.push(ctx))...)
}

// checkAgent refuses what could not be an agent's phone, whoever let it pass
// before: these names and hashes end up in Asterisk's configuration.
func checkAgent(a *queue.Agent) error {
	if _, err := queue.ParseAgentID(string(a.ID)); err != nil {
		return err
	}
	if _, err := phoneOf(a, "").Objects(); err != nil {
		return &ivr.Error{
			Op: "push agents' phones", Code: ivr.Invalid,
			Message: "agent " + string(a.ID) + " can have no phone",
			Cure:    "set the agent's password anew", Err: err,
		}
	}
	return nil
}

func phoneOf(a *queue.Agent, listen string) conf.Agent {
	return conf.Agent{ID: string(a.ID), Digest: a.Credential, Label: a.Name, Listen: listen}
}

// pushAgain makes up for a push that failed, or that Asterisk has forgotten.
func (s *Switch) pushAgain(ctx context.Context) {
	s.roster.mu.Lock()
	known := s.roster.known
	s.roster.mu.Unlock()
	if !known {
		return
	}
	if err := s.push(ctx); err != nil {
		s.log.Warn("can't push the agents' phones, trying again later", "err", err)
	}
}

// push makes Asterisk's endpoints those that are wanted. What was pushed to
// this very Asterisk before, and is still there, is left alone.
func (s *Switch) push(ctx context.Context) error {
	s.roster.pushing.Lock()
	defer s.roster.pushing.Unlock()
	const op = "push agents' phones"
	info, err := s.lib.Asterisk().Info(nil)
	if err != nil {
		return failure(op, err)
	}
	endpoints, err := s.lib.Endpoint().ListByTech("PJSIP", ari.NewKey(ari.EndpointKey, ""))
	if err != nil {
		return failure(op, err)
	}
	there := make(map[ivr.AgentID]bool, len(endpoints))
	for _, e := range endpoints {
		there[ivr.AgentID(strings.TrimPrefix(e.ID, "PJSIP/"))] = true
	}
	wanted, had := s.roster.since(info.StatusInfo.StartupTime.String())
	var errs []error
	for i := range wanted {
		a := &wanted[i]
		if there[a.ID] && had[a.ID] == a.Credential+a.Name {
			continue
		}
		if err := s.pushOne(a); err != nil {
			errs = append(errs, failure(op, err))
			continue
		}
		s.roster.note(a.ID, a.Credential+a.Name)
	}
	// Asterisk's list lags behind what it was given, so one who was pushed a
	// moment ago may be missing from it and has to go all the same.
	for id := range had {
		there[id] = true
	}
	for id := range there {
		if slices.ContainsFunc(wanted, func(a queue.Agent) bool { return a.ID == id }) {
			continue
		}
		errs = append(errs, failure(op, s.pull(ctx, id)))
	}
	return errors.Join(errs...)
}

// since gives what is wanted, and what the Asterisk that started at boot has.
func (r *roster) since(boot string) (wanted []queue.Agent, had map[ivr.AgentID]string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.boot != boot || r.pushed == nil {
		r.boot, r.pushed = boot, make(map[ivr.AgentID]string)
	}
	had = make(map[ivr.AgentID]string, len(r.pushed))
	for id, c := range r.pushed {
		had[id] = c
	}
	return slices.Clone(r.wanted), had
}

func (r *roster) note(id ivr.AgentID, given string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pushed[id] = given
}

// pushOne writes an agent's objects, in the order in which they need each
// other.
func (s *Switch) pushOne(a *queue.Agent) error {
	objects, err := phoneOf(a, s.opts.Listen).Objects()
	if err != nil {
		return err
	}
	for _, object := range objects {
		fields := make([]ari.ConfigTuple, 0, len(object.Fields)+1)
		for _, f := range object.Fields {
			fields = append(fields, ari.ConfigTuple{Attribute: f.Attribute, Value: f.Value})
		}
		if object.Type == "endpoint" {
			fields = append(fields, ari.ConfigTuple{Attribute: "accountcode", Value: ourMark})
		}
		if err := s.lib.Asterisk().Config().Update(configKey(object.Type, a.ID), fields); err != nil {
			return err
		}
	}
	return nil
}

func configKey(kind string, id ivr.AgentID) *ari.Key {
	return ari.NewKey("config", pjsip+"/"+kind+"/"+string(id))
}

// pull removes the phone of one who is no agent any more. Endpoints that were
// not made here are left alone.
func (s *Switch) pull(ctx context.Context, id ivr.AgentID) error {
	if _, err := queue.ParseAgentID(string(id)); err != nil {
		return nil //nolint:nilerr // one with such a name is none of ours
	}
	var fields []ari.ConfigTuple
	err := s.rest.call(ctx, http.MethodGet, command{
		path: []string{"asterisk", "config", "dynamic", pjsip, "endpoint", string(id)},
	}, &fields)
	if err != nil {
		return unlessGone("look at a phone", err)
	}
	if !slices.Contains(fields, ari.ConfigTuple{Attribute: "accountcode", Value: ourMark}) {
		return nil
	}
	var errs []error
	for _, kind := range []string{"endpoint", "auth", "aor"} {
		errs = append(errs, unlessGone("remove a phone", s.lib.Asterisk().Config().Delete(configKey(kind, id))))
	}
	s.roster.mu.Lock()
	delete(s.roster.pushed, id)
	s.roster.mu.Unlock()
	return errors.Join(errs...)
}

// Phones tells which agents' phones can be rung, of those Asterisk knows: who is
// registered, and in no call but ours. One that was pushed or removed a moment ago
// may be missing, or still there.
func (s *Switch) Phones(ctx context.Context) (map[ivr.AgentID]bool, error) {
	const op = "list phones"
	if err := s.alive(ctx, op); err != nil {
		return nil, err
	}
	var list []ari.EndpointData // the library's list leaves the state out
	err := s.rest.call(ctx, http.MethodGet, command{path: []string{"endpoints", "PJSIP"}}, &list)
	if err != nil {
		return nil, failure(op, err)
	}
	phones := make(map[ivr.AgentID]bool, len(list))
	for i := range list {
		if id, err := queue.ParseAgentID(list[i].Resource); err == nil {
			phones[id] = list[i].State == "online" && !s.inCallOfOthers(ctx, list[i].ChannelIDs)
		}
	}
	return phones, nil
}

// inCallOfOthers tells whether one of a phone's channels is in a call that we do not
// carry: Asterisk's own queue connects agents with callers while no program takes
// them, and they talk on when it does.
func (s *Switch) inCallOfOthers(ctx context.Context, ids []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool {
		if s.legs.knows(ivr.ChannelID(id)) {
			return false
		}
		var found struct {
			Dialplan struct {
				App string `json:"app_name"`
			} `json:"dialplan"`
		}
		err := s.rest.call(ctx, http.MethodGet, command{path: []string{"channels", id}}, &found)
		// One of ours that has just come, or gone, is nobody else's.
		return err == nil && found.Dialplan.App != "Stasis"
	})
}
