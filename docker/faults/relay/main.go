// A relay in front of the object store which, when it is told so, answers 503 SlowDown to a share of the
// requests or lets each of them wait. Everything else goes through as it came, so that signatures hold.
package main

import (
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httputil"
	"os"
	"strconv"
	"sync"
	"time"
)

const slowDown = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>`

type mood struct {
	sync.Mutex
	share float64
	delay time.Duration
}

func (m *mood) now() (float64, time.Duration) {
	m.Lock()
	defer m.Unlock()
	return m.share, m.delay
}

// PUT /?share=0.5&delay=2s says what happens from now on.
func (m *mood) ServeHTTP(answer http.ResponseWriter, request *http.Request) {
	share, badShare := strconv.ParseFloat(request.URL.Query().Get("share"), 64)
	delay, badDelay := time.ParseDuration(request.URL.Query().Get("delay"))
	if request.Method != http.MethodPut || badShare != nil || badDelay != nil {
		http.Error(answer, "expected PUT /?share=0.5&delay=2s", http.StatusBadRequest)
		return
	}
	m.Lock()
	m.share, m.delay = share, delay
	m.Unlock()
	answer.WriteHeader(http.StatusNoContent)
}

func main() {
	store := os.Args[1]
	now := &mood{}
	through := &httputil.ReverseProxy{
		Rewrite: func(request *httputil.ProxyRequest) {
			request.Out.URL.Scheme = "http"
			request.Out.URL.Host = store
			request.Out.Host = request.In.Host
		},
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0),
	}
	go func() { log.Fatal(http.ListenAndServe(":8475", now)) }()
	log.Fatal(http.ListenAndServe(":9000", http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		share, delay := now.now()
		time.Sleep(delay)
		if rand.Float64() < share {
			answer.Header().Set("Content-Type", "application/xml")
			answer.WriteHeader(http.StatusServiceUnavailable)
			io.WriteString(answer, slowDown)
			return
		}
		through.ServeHTTP(answer, request)
	})))
}
