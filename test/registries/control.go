package main

import (
	"encoding/json"
	"net/http"
)

// newControl serves the port by which tests read the request log and add and clear faults.
func newControl(requests *requestLog, faults *faultList) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_requests", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, requests.list()) })
	mux.HandleFunc("DELETE /_requests", func(w http.ResponseWriter, _ *http.Request) { requests.reset() })
	mux.HandleFunc("GET /_faults", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, faults.list()) })
	mux.HandleFunc("DELETE /_faults", func(w http.ResponseWriter, _ *http.Request) { faults.clear() })
	mux.HandleFunc("POST /_faults", func(w http.ResponseWriter, r *http.Request) {
		added := fault{}
		decoder := json.NewDecoder(r.Body)
		decoder.DisallowUnknownFields()
		err := decoder.Decode(&added)
		if err == nil {
			err = faults.add(&added)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		writeJSON(w, added)
	})
	return mux
}

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}
